"""Restate three inventories of mercury to air as rows of emissions.csv, in kg.

Reads emissions/streets2019 (17 world regions, total mercury and Hg0), emissions/gma (the
sector figures found on a page) and emissions/clrtap (national totals). Writes emissions.csv
and the titles of the categories, categories.csv.
"""

from __future__ import annotations

from pathlib import Path

from facts_common import FACTS, REFERENCE, Row, folder, kilograms, read, real, write, write_plain

STREETS = {
    "total": ("streets-2019", "Seventeen_World_Region_Total_Hg_Emissions_2000-2015.csv"),
    "Hg0": ("streets-2019-hg0", "Seventeen_World_Region_Hg0_Emissions_2000-2015.csv"),
}
SECTORS = {
    "Artisanal and Small Scale Mining": "artisanal-small-scale-gold-mining",
    "Stationary Combustion of Coal": "stationary-combustion-coal",
    "Nonferrous Metals Production": "nonferrous-metals",
    "Cement Production": "cement",
    "Waste from Products": "waste-from-products",
    "Vinyl Chloride Monomer": "vinyl-chloride-monomer",
    "Biomass Burning": "biomass-burning",
    "Ferrous Metals Production": "ferrous-metals",
    "Chlor-alkali Production": "chlor-alkali",
    "Waste incineration": "waste-incineration",
    "Oil Refining": "oil-refining",
    "Stationary Combustion of Oil and Gas": "stationary-combustion-oil-gas",
    "Cremation": "cremation",
}
ISO3 = {
    "AT": "AUT",
    "BG": "BGR",
    "CY": "CYP",
    "EE": "EST",
    "GR": "GRC",
    "IE": "IRL",
    "IS": "ISL",
    "LT": "LTU",
    "LU": "LUX",
    "LV": "LVA",
    "MT": "MLT",
}
TOTAL = "NATIONAL TOTAL"
# Those that other inventories give too, and the last of the extract; all are in the file itself.
YEARS_OF_SECTORS = ("1990", "2000", "2010", "2015", "2019")
COMMON = {"medium": "air", "basis": "estimated"}


def region(name: str) -> str:
    """Return the id of a world region of Streets et al.; the publisher's total is WLD."""
    return "WLD" if name == "Global Total" else "S19-" + name.upper().replace(" ", "-")


def streets() -> list[Row]:
    """Return Streets et al. 2019 by world region, for total mercury and Hg0."""
    head = {"inventory": "streets-2019", "version": "2019", "scheme": "streets-2019-regions"}
    rows: list[Row] = []
    for species, (source, name) in STREETS.items():
        for line in read(real(f"emissions/streets2019/{name}")):
            entity = region(line.pop("World region"))
            own = {"entity": entity, "category": "total", "species": species, "source": source}
            if entity == "WLD":
                own["note"] = "the publisher's own total"
            rows += [
                COMMON | head | own | {"year": year, "kg": kilograms(amount)}
                for year, amount in line.items()
            ]
    return rows


def gma() -> list[Row]:
    """Return the sectors of the Global Mercury Assessment 2018 for the year 2015."""
    head = {
        "inventory": "gma-2018",
        "version": "2018",
        "entity": "WLD",
        "year": "2015",
        "scheme": "gma-2018-sectors",
        "species": "total",
        "source": "gma-2018-sectors",
    }
    return [
        COMMON | head | {"category": SECTORS[row["sector"]], "kg": row["kg_2015"]}
        for row in read(real("emissions/gma/gma2018_sectors_found_kg.csv"))
    ]


def clrtap() -> list[Row]:
    """Return the national totals under the Convention on Long-range Transboundary Pollution."""
    head = {
        "inventory": "clrtap",
        "scheme": "NFR14",
        "category": "national-total",
        "species": "total",
        "source": "eea-clrtap",
    }
    lines = read(real("emissions/clrtap/CLRTAP_NFR14_Hg_extract.csv"), "\t")
    return [
        COMMON
        | head
        | {
            "version": row["VersionId"] or "eea-extract",
            "entity": ISO3[row["Country_Code"]],
            "year": row["Year"],
            "kg": kilograms(row["Emissions"]),
        }
        for row in lines
        if row["Sector_code"] == TOTAL and row["Unit"] == "Mg"
    ]


BY_HAND = ("UNEP-Toolkit", "comparison")  # titles that stand in no table


def categories() -> list[Row]:
    """Return scheme, category and title for every category that the rows use."""
    rows = [("streets-2019-regions", "total", "Total anthropogenic emissions", "streets-2019")]
    rows += [("NFR14", "national-total", "National total", "eea-clrtap")]
    rows += [("gma-2018-sectors", code, name, "gma-2018-sectors") for name, code in SECTORS.items()]
    rows += [
        ("GMA2018", row["gma_sector"], row["description"], "gma-2018-background")
        for row in read(real("emissions/gma/gma2018_sectors_air_2015.csv"))
    ]
    rows += [
        ("NFR14", code, title, "eea-clrtap") for code, title in sorted(sectors().items()) if title
    ]
    names = ("scheme", "category", "title", "source")
    made = [dict(zip(names, row, strict=True)) | {"basis": "reported"} for row in rows]
    for row in made:
        row["basis"] = "memory" if row["source"] == "gma-2018-background" else "reported"
    made += [row for row in read(REFERENCE / "categories.csv") if row["scheme"] in BY_HAND]
    return sorted(made, key=lambda row: (row["scheme"], row["category"]))


def sectors() -> dict[str, str]:
    """Return the titles of the sectors of the air convention that have mercury in those years."""
    lines = read(real("emissions/clrtap/CLRTAP_NFR14_Hg_extract.csv"), "\t")
    return {
        row["Sector_code"]: row["Sector_name"]
        for row in lines
        if row["Sector_code"] != TOTAL and row["Year"] in YEARS_OF_SECTORS
    }


def main(out: Path) -> None:
    """Write emissions.csv, and categories.csv beside it or in data/reference."""
    write("emissions", streets() + gma() + clrtap(), out)
    beside = REFERENCE if out == FACTS else out
    columns = ("scheme", "category", "title", "source", "basis")
    write_plain(beside / "categories.csv", columns, categories())


if __name__ == "__main__":
    main(folder(__doc__ or ""))
