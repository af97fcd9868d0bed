"""The parts of a workbook that do not depend on what stands in its cells."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

SHEET = "xl/worksheets/sheet{}.xml"
HEAD, QUOTED = 1, 2
"""Places of the formats in `_STYLES`; 0 is that of plain cells."""

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET_BEGIN = (
    f'{_DECLARED}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
SHEET_END = "</sheetData>{}</worksheet>"

_FONT = '<font>{}<sz val="11"/><name val="Calibri"/><family val="2"/></font>'
_STYLES = (
    f'{_DECLARED}<styleSheet xmlns="{_MAIN}">'
    f'<fonts count="2">{_FONT.format("")}{_FONT.format("<b/>")}</fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/>'
    "</border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_PACKAGE_RELATIONS = (
    f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def around(names: Sequence[str], last_cells: Mapping[str, str]) -> dict[str, str]:
    """Every part but the sheets, by its name in the file.

    `last_cells` has the last cell of each sheet that can be filtered, by the sheet's name.
    """
    return {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": _PACKAGE_RELATIONS,
        "xl/workbook.xml": _workbook(names, last_cells),
        "xl/_rels/workbook.xml.rels": _workbook_relations(len(names)),
        "xl/styles.xml": _STYLES,
    }


def _content_types(sheets: int) -> str:
    told = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    told += [(f"/{SHEET.format(number)}", "worksheet") for number in range(1, sheets + 1)]
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in told
    )
    return (
        f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _workbook(names: Sequence[str], last_cells: Mapping[str, str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    filtered = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">'
        f"{escape(_range(name, last_cells[name]))}</definedName>"
        for place, name in enumerate(names)
        if name in last_cells
    )
    defined = f"<definedNames>{filtered}</definedNames>" if filtered else ""
    return (
        f'{_DECLARED}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">'
        f"<bookViews><workbookView/></bookViews><sheets>{sheets}</sheets>{defined}</workbook>"
    )


def _range(name: str, last: str) -> str:
    letters = last.rstrip("0123456789")
    quoted = name.replace("'", "''")
    return f"'{quoted}'!$A$1:${letters}${last.removeprefix(letters)}"


def _workbook_relations(sheets: int) -> str:
    told = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)]
    told.append(("styles", "styles.xml"))
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(told, 1)
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
