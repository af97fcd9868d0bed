"""A small invented file and its mapping, for tests to spoil."""

MAPPING = """
title: Invented survey of ten firms
instrument: invented
reference_period: [2020, 2022]
field_period: [2023-03-01, 2023-06-30]
source: Invented for tests
unit: firm
design: {weight: weight, stratum: [size, region], population: frame}
code_lists:
  ticked: {0: {value: 0, label: "No"}, 1: {value: 1, label: "Yes"}}
columns:
  - {column: size, construct: control.size_class, codes: [small, large]}
  - {column: region, construct: control.region, codes: any}
  - {column: staff, construct: control.employment, missing: ["-9"]}
  - {column: graduates, construct: control.graduate_share, multiply: 100}
  - {column: turnover, construct: control.turnover}
  - {column: founded, construct: control.start_year}
  - {column: new_good, construct: innovation.product, at: {kind: new_good}, codes: ticked}
  - column: newness
    construct: innovation.novelty
    at: {kind: new_good}
    codes: {1: 1, 2: 2}
    empty: 0
  - column: partner_{partner}_{place}
    each:
      partner: {s: suppliers, u: universities}
      place: {1: home, 2: farther, 3: farther}
    construct: networking.cooperation
    at: {partner: "{partner}", scale: "{place}"}
    codes: ticked
  - {column: remark, kind: text}
ignore: ["internal_*"]
"""

HEADER = (
    "firm,size,region,weight,frame,staff,graduates,turnover,founded,new_good,newness,"
    "partner_s_1,partner_s_2,partner_s_3,partner_u_1,partner_u_2,partner_u_3,remark,internal_1"
)
ROWS = (
    "A1,small,north,2.5,5,12,0.156,350000,1998,1,2,1,0,0,0,0,1,fine,x",
    "A2,small,north,2.5,5,-9,,,2001,0,,0,0,0,0,0,0,,y",
    "B1,large,south,1,1,640,0.4,88000000.5,1951,1,1,1,1,0,1,1,0,=SUM(A1),z",
)


def csv_bytes(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *(rows or ROWS)]).encode() + b"\n"
