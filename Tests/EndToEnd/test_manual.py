"""The manual, docs/man/aviary.1, against what the program says of itself and what the sources read."""
import os
import re
import unittest

from program import aviary

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
OPTION = re.compile(r"\bFl -([a-z][a-z-]*)")
EVERYWHERE = "Every command"


def text(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def helps(*command):
    """The help of a command and of all below it, by the words that name them."""
    page = aviary("help", *command)[0]
    found = {" ".join(command): page}
    below = page.partition("\nSUBCOMMANDS:\n")[2]
    for name in re.findall(r"^  ([a-z-]+) ", below, re.MULTILINE):
        found |= helps(*command, name)
    return found


def sections(page):
    """What stands under each heading of the manual; what comes before the first is left out."""
    parts = re.split(r"^\.S[hs] (.+)\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def synopses(section):
    """Of each command in the synopsis, its options; a command may stand there twice."""
    found = {}
    for part in re.split(r"^\.Nm\n", section, flags=re.MULTILINE)[1:]:
        name = re.match(r"\.Cm (.+)\n", part).group(1)
        found[name] = found.get(name, set()) | set(OPTION.findall(part))
    return found


class ManualTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = text("docs/man/aviary.1")
        cls.sections = sections(cls.page)
        pages = helps()
        cls.groups = {name: page for name, page in pages.items() if "\nSUBCOMMANDS:\n" in page}
        cls.commands = {name: page for name, page in pages.items() if name not in cls.groups}
        cls.options = {
            name: set(re.findall(r"^  (?:-[a-z], )?--([a-z-]+)", page, re.MULTILINE)) for name, page in pages.items()}

    def test_the_program_was_understood(self):
        self.assertLessEqual({"train", "runs list", "zoo pull"}, set(self.commands))
        self.assertLessEqual({"set", "resume", "store", "help"}, self.options["train"])

    def test_each_command_has_a_section_and_a_synopsis(self):
        subsections = set(re.findall(r"^\.Ss (.+)$", self.page, re.MULTILINE))
        self.assertEqual(subsections, {EVERYWHERE, "help"} | set(self.commands))
        self.assertEqual(set(synopses(self.sections["SYNOPSIS"])), {"help"} | set(self.commands))

    def test_each_option_of_the_program_is_explained_and_no_other(self):
        everywhere = set(OPTION.findall(self.sections[EVERYWHERE]))
        short = synopses(self.sections["SYNOPSIS"])
        for name in self.commands:
            with self.subTest(command=name):
                own = self.options[name] - everywhere
                self.assertLessEqual(everywhere, self.options[name], "said of every command")
                items = "\n".join(re.findall(r"^\.It (.+)$", self.sections[name], re.MULTILINE))
                self.assertEqual(set(OPTION.findall(items)), own, "its section")
                self.assertEqual(short[name], own, "the synopsis")
        for name in self.groups:
            self.assertLessEqual(self.options[name], everywhere, f"options of aviary {name}")

    def test_no_option_is_made_up_anywhere_in_the_text(self):
        known = set().union(*self.options.values())
        named = set(OPTION.findall(self.page)) | set(re.findall(r"(?:--|\\-\\-)([a-z][a-z-]*)", self.page))
        self.assertLessEqual(named, known)

    def test_defaults_are_those_of_the_program(self):
        for name, page in self.commands.items():
            for default in re.findall(r"\(default:\s+(\S+)\)", page):
                with self.subTest(command=name):
                    self.assertIn(f"(default: {default})", self.sections[name])

    def test_each_key_of_a_recipe_is_explained_and_no_other(self):
        reading = text("Sources/AviaryRecipes/Recipe+Reading.swift")
        reading += text("Sources/AviaryRecipes/TrainingRecipe+Reading.swift")
        keys = set(re.findall(r'reader\.[A-Za-z]+\(\s*"([a-z.-]+)"', reading))
        self.assertLessEqual({"model.family", "training.checkpoint-every-steps"}, keys)
        items = re.findall(r"^\.It Cm (.+)$", self.sections["RECIPES"], re.MULTILINE)
        self.assertEqual({key for item in items for key in item.split(" , ")}, keys)

    def test_each_variable_that_the_program_reads_is_explained(self):
        explained = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", self.sections["ENVIRONMENT"]))
        read = set()
        for folder, _, names in os.walk(os.path.join(ROOT, "Sources")):
            for name in names:
                if not name.endswith((".swift", ".c", ".h")):
                    continue
                source = text(os.path.join(folder, name))
                read |= set(re.findall(r'(?:environment\[|getenv\(|find\(environment, )"([A-Z_]+)', source))
        self.assertIn("AVIARY_STORE", read)
        self.assertEqual(read - {"HOME"}, explained)


if __name__ == "__main__":
    unittest.main(verbosity=2)
