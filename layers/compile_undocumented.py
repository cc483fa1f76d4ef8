"""Compile a folder's sources without their docstrings, which a function would read at each start.

python layers/compile_undocumented.py FOLDER MOUNTED_AT

A program of its own, because its caller decides about the order of sets of constants
(PYTHONHASHSEED). Asserts stay: `python -OO`, which would take both away, also looks for byte code
under other names, and would compile the standard library at each start where that has none.
"""

import ast
import marshal
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path

# A class that has none is given one by `dataclass`, of a signature that takes longer to find.
CLASS_DOCSTRING = "."
UNCHECKED = (1).to_bytes(4, "little")  # PEP 552: of a hash that nobody compares


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The same tree, changed."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(body=[ast.Expr(ast.Constant(str()) as docstring), *_]):
                docstring.value = CLASS_DOCSTRING
            case ast.Module(body=[ast.Expr(ast.Constant(str())), *rest]):
                node.body = rest
            case (
                ast.FunctionDef(body=[ast.Expr(ast.Constant(str())) as docstring, *rest])
                | ast.AsyncFunctionDef(body=[ast.Expr(ast.Constant(str())) as docstring, *rest])
            ):
                node.body = rest or [ast.copy_location(ast.Pass(), docstring)]
    return tree


def compile_source(source: Path, shown_as: str) -> None:
    """shown_as : its path in tracebacks"""
    text = source.read_bytes()
    tree = without_docstrings(ast.parse(text, shown_as))
    code = compile(tree, shown_as, "exec", dont_inherit=True)
    target = Path(cache_from_source(str(source)))
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(MAGIC_NUMBER + UNCHECKED + source_hash(text) + marshal.dumps(code))


def main() -> None:
    folder, mounted_at = Path(sys.argv[1]), sys.argv[2]
    for source in sorted(folder.rglob("*.py")):
        compile_source(source, f"{mounted_at}/{source.relative_to(folder).as_posix()}")


if __name__ == "__main__":
    main()
