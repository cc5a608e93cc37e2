/// A filter as the lexer walks it: Unicode scalars, and the column each stands in.
struct SearchText: Sendable {
    let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The scalar at an offset; `nil` behind the last one.
    subscript(offset: Int) -> Unicode.Scalar? {
        scalars.indices.contains(offset) ? scalars[offset] : nil
    }

    subscript(range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    /// The column of the scalar at an offset, in characters from 1.
    func column(_ offset: Int) -> Int {
        self[0..<offset].count + 1
    }
}

extension Unicode.Scalar {
    /// A letter of any script with its marks, a digit, or `_`.
    var isWord: Bool {
        if isASCII {
            return ("a"..."z").contains(self) || ("A"..."Z").contains(self) || isDigit || self == "_"
        }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
            return true
        default:
            return false
        }
    }

    var isDigit: Bool { ("0"..."9").contains(self) }
}
