extension String {
    /// Without white space at both ends.
    var stripped: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The text in quotes as Python prints it, which MLflow's messages show.
    var pythonLiteral: String {
        let quote: Character = contains("'") && !contains("\"") ? "\"" : "'"
        var literal = String(quote)
        for character in self {
            switch character {
            case "\\", quote: literal += "\\\(character)"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            default: literal.append(character)
            }
        }
        return literal + String(quote)
    }
}

extension [UInt8] {
    /// The bytes as Python prints them.
    var pythonLiteral: String {
        let (single, double) = (UInt8(ascii: "'"), UInt8(ascii: "\""))
        let quote = contains(single) && !contains(double) ? double : single
        var literal = "b" + String(Unicode.Scalar(quote))
        for byte in self {
            switch byte {
            case quote, UInt8(ascii: "\\"): literal += "\\" + String(Unicode.Scalar(byte))
            case 0x09: literal += "\\t"
            case 0x0A: literal += "\\n"
            case 0x0D: literal += "\\r"
            case 0x20..<0x7F: literal.unicodeScalars.append(Unicode.Scalar(byte))
            default: literal += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
            }
        }
        return literal + String(Unicode.Scalar(quote))
    }
}
