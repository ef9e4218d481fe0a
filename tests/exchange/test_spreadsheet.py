"""What LibreOffice makes of our tables, told the right separator or a wrong one: no cell of it is a formula."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.exchange.csv_text import BYTE_ORDER_MARK, LAYOUTS, encoded

PROGRAM = shutil.which("soffice")
SEPARATORS = {"comma": "44", "semicolon": "59", "tab": "9", "all of them": "44/59/9/32"}
BEGINNINGS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", '"=1+1', "'=1+1", "＝1+1")
HOSTILE = (
    *BEGINNINGS,
    *(f"a{separator}{beginning}" for separator in ";,\t\n" for beginning in BEGINNINGS),
    '=HYPERLINK("https://evil.example","x")',
    "=cmd|' /C calc'!A0",
)
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="LibreOffice (soffice) is not installed, which judges these files"
)


def formulas(content: bytes, separator: str, folder: Path) -> list[str]:
    """Every formula that LibreOffice finds in a file."""
    file = folder / "table.csv"
    file.write_bytes(content)
    command = [
        str(PROGRAM), "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "fods",
        f"--infilter=CSV:{SEPARATORS[separator]},34,76,1", "--outdir", str(folder), str(file),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=300, check=True)
    return re.findall(r'table:formula="([^"]*)"', (folder / "table.fods").read_text("utf-8"))


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_cell_and_no_header_is_a_formula(layout: str, separator: str, tmp_path: Path) -> None:
    """Seen failing without the apostrophe behind separators, told the wrong one."""
    table = [[f"{text} {number}" for number, text in enumerate(HOSTILE)], HOSTILE, [*reversed(HOSTILE)]]
    assert [] == formulas(b"".join(encoded(table, LAYOUTS[layout])), separator, tmp_path)


def test_the_judge_finds_a_formula_where_there_is_one(tmp_path: Path) -> None:
    """The control: otherwise silence would prove nothing."""
    assert ["of:=1+1"] == formulas(f'{BYTE_ORDER_MARK}"=1+1","x"\r\n'.encode(), "comma", tmp_path)
