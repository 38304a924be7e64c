"""The values of the visual language: the one source from which static/tokens.css is written."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

SHEET = Path(__file__).parent / "static" / "tokens.css"

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#FAF8F4",
        "surface": "#FFFFFF",
        "ink": "#1C2422",
        "muted": "#525C58",
        "line": "#D9D5CB",
        "control": "#7B827E",
        "accent": "#0B5A57",
        "accent-strong": "#084441",
        "on-accent": "#FFFFFF",
        "soft": "#E2EFEC",
        "danger": "#A2231D",
        "danger-tint": "#FBE9E6",
        "warn": "#7A4F00",
        "warn-tint": "#FBF0D9",
        "ok": "#1F6238",
        "ok-tint": "#E3F1E6",
        "info": "#274C86",
        "info-tint": "#E6EDF7",
        "mediation": "#6A2F6B",
        "mediation-tint": "#F4E8F3",
        "night": "#1C2422",
        "on-night": "#FAF8F4",
        "focus": "#FFBF47",
        "float": "#1C242233",
    }
)

DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#131716",
        "surface": "#1B211F",
        "ink": "#EBEEE9",
        "muted": "#A8B2AD",
        "line": "#333B38",
        "control": "#7F8984",
        "accent": "#7FCBC3",
        "accent-strong": "#A5DDD7",
        "on-accent": "#10201E",
        "soft": "#16302D",
        "danger": "#F4A199",
        "danger-tint": "#3A1A17",
        "warn": "#EBBE65",
        "warn-tint": "#332712",
        "ok": "#8CD3A6",
        "ok-tint": "#15301F",
        "info": "#A3C1F0",
        "info-tint": "#182740",
        "mediation": "#DDA6DB",
        "mediation-tint": "#321B33",
        "night": "#0A0D0C",
        "on-night": "#EBEEE9",
        "focus": "#FFBF47",
        "float": "#00000099",
    }
)

FACE = ", ".join(
    [
        "system-ui",
        "-apple-system",
        '"Segoe UI"',
        "Roboto",
        '"Noto Sans"',
        '"Noto Sans Arabic"',
        '"Noto Sans Devanagari"',
        '"Noto Sans CJK SC"',
        "sans-serif",
    ]
)

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "face": FACE,
        "face-code": 'ui-monospace, Menlo, Consolas, "Noto Sans Mono", monospace',
        "plain": "400",
        "strong": "650",
        # Residents read at 18 px, staff at 15 px; the frame's class on <html> chooses.
        "size": "1.125rem",
        "size-small": "calc(var(--size) / 1.2)",
        "size-large": "calc(var(--size) * 1.2)",
        "size-title": "calc(var(--size) * 1.44)",
        "size-page": "calc(var(--size) * 1.728)",
        "measure": "65ch",
        "column": "34rem",
        "space-1": "0.25rem",
        "space-2": "0.5rem",
        "space-3": "0.75rem",
        "space-4": "1rem",
        "space-5": "1.5rem",
        "space-6": "2rem",
        "space-7": "3rem",
        "space-8": "4rem",
        "radius": "6px",
        "radius-card": "8px",
        "radius-round": "99rem",
        "target": "2.75rem",
        "swift": "120ms",
    }
)

# What staff pages change: denser type and targets, nothing else.
STAFF: Mapping[str, str] = MappingProxyType({"size": "0.9375rem", "target": "2.125rem"})


def sheet() -> str:
    """tokens.css as it must stand on disk."""
    return "\n".join(
        [
            "/* Written by `python -m shared.design.tokens`; change the values there. */",
            _rule(":root", {"color-scheme": "light dark"}, {**MEASURES, **LIGHT}),
            _rule(":root.staff", {}, STAFF),
            "@media screen and (prefers-color-scheme: dark) {",
            _rule(":root", {}, DARK, indent="  "),
            "}",
            "@media (prefers-reduced-motion: reduce) {",
            _rule(":root", {}, {"swift": "0ms"}, indent="  "),
            "}",
            "",
        ]
    )


def _rule(selector: str, plain: Mapping[str, str], custom: Mapping[str, str], *, indent: str = "") -> str:
    """One rule: ordinary properties, then custom ones with their two dashes."""
    lines = [f"{indent}  {name}: {value};" for name, value in plain.items()]
    lines += [f"{indent}  --{name}: {value};" for name, value in custom.items()]
    return "\n".join([f"{indent}{selector} {{", *lines, f"{indent}}}"])


if __name__ == "__main__":
    SHEET.write_text(sheet(), encoding="utf-8")
