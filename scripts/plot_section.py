#!/usr/bin/python3
"""Draws sections of a study of agents: fibres, cells, capillaries and a signal between the fibres, day by day."""
import argparse
import re
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image

from result_files import choose, fail, short_names
from sections import MINUTE_D, Sections, Whose

matplotlib.use("Agg")
matplotlib.rcParams["text.parse_math"] = False  # a $ in a name is a $
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.animation import FFMpegWriter  # noqa: E402
from matplotlib.cm import ScalarMappable  # noqa: E402
from matplotlib.collections import PolyCollection  # noqa: E402
from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize, to_rgba  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator  # noqa: E402

YELLOW = "#F0E442"  # too light for a white edge
# In the order of cell_type: name, colour (Okabe-Ito), marker, size against the others.
CELLS = [("neutrophil", "#E69F00", "^", 1.0), ("ED1+ macrophage", "#D55E00", "s", 0.85),
         ("ED2+ macrophage", "#0072B2", "D", 0.8), ("quiescent satellite cell", "#009E73", "o", 0.9),
         ("activated satellite cell", YELLOW, "P", 1.15), ("committed satellite cell", "#000000", "X", 1.1),
         ("fibroblast", "#CC79A7", "v", 1.0)]
MACROPHAGES = (1, 2)
CELL_UM = 13.0  # drawn; true to scale at about the default window
TYPE_COLOURS = {"I": "#E9C7B8", "IIa": "#F1E4BC", "IIx": "#CFE0EA", "IIb": "#E7E7E7"}
FIBRE_EDGE = "#8A8A8A"
CAPILLARY = "#8B1A1A"
GREY = "#555555"
BEHIND = LinearSegmentedColormap.from_list("quiet", ["#FFFFFF", "#C9C6DA", "#7C769F"])
GROWTH = LinearSegmentedColormap.from_list("growth", ["#B8743A", "#E3C19C", "#F7F5F2", "#A9CFE4", "#4A90B8"])
AREA = LinearSegmentedColormap.from_list("area", ["#FBFBEF", "#CBE3C4", "#7DB48C", "#3F7D62"])
COLOURINGS = {"type": None, "growth": (GROWTH, "fibres: growth", "area over that in weight bearing"),
              "csa": (AREA, "fibres: area", "µm²")}
DPI, FILM_DPI = 150, 100
FRAMES_PER_S = 1.5
PANEL, GAP, CAPTION, LEFT, LEGEND_COLUMN = 3.1, 0.14, 0.24, 0.62, 1.95  # inches
MOST_COLUMNS, MOST_ROWS = 4, 6  # unless more are asked for
MOST_LETTERS = 16  # of the name of an arm over a column


@dataclass
class Column:
    arm: str
    limb: str
    title: str


@dataclass
class Look:
    """How all panels are drawn."""
    colour: str
    field: int  # -1: none
    field_name: str
    window: float  # side of what is drawn; infinite: all
    norms: dict  # of "field" and of the colouring, if they have a scale
    type_names: list


def text_of(value):
    return f"{value:g}".replace("-", "−")


def columns_of(sections, wanted):
    """Both limbs of arms with massage of one of them, one limb of others, on the side that is massaged."""
    arms, massaged = sections.distinct("arm"), sections.root.massaged
    hands = {arm: [str(limb) for limb in sections.root.limb.values if massaged.sel(arm=arm, limb=limb)] for arm in arms}
    treated = [arm for arm in arms if hands[arm]]
    if wanted is None:
        untreated = [arm for arm in arms if arm == sections.root.attrs.get("untreated")]
        chosen = list(dict.fromkeys(treated[:1] + untreated)) or arms[:MOST_COLUMNS]
    else:
        chosen = [choose("arm", arm.strip(), arms) for arm in wanted.split(",")]
    limbs = sections.distinct("limb")
    side = (hands[treated[0]] if treated else limbs)[-1]
    columns = []
    for arm, name in short_names(dict.fromkeys(chosen), MOST_LETTERS).items():
        if len(hands[arm]) == 1:
            columns.append(Column(arm, hands[arm][0], f"{name}, massaged limb"))
            columns += [Column(arm, limb, f"{name}, contralateral limb") for limb in limbs if limb not in hands[arm]]
        elif hands[arm]:
            columns.append(Column(arm, side, f"{name}, massaged, {side} limb"))
        else:
            name += ", untreated" if arm == sections.root.attrs.get("untreated") else ""
            columns.append(Column(arm, side, f"{name}, {side} limb"))
    return columns


def days_of(sections, columns, muscle, animal, wanted):
    """Days on which at least one column has a section."""
    shown = {Whose(column.arm, muscle, column.limb, animal) for column in columns}
    there = sorted({float(day) for day, whose in zip(sections.days, sections.whose) if whose in shown})
    if not there:
        fail(f"no section of {muscle}, animal {animal} in the arms {', '.join(dict.fromkeys(c.arm for c in columns))}")
    if wanted is None:
        return there
    days = []
    for text in wanted.split(","):
        try:
            near = [day for day in there if abs(day - float(text)) < MINUTE_D]
        except ValueError:
            near = []
        if not near:
            fail(f"day '{text.strip()}' is not in the file; there are: {', '.join(text_of(day) for day in there)}")
        days.append(near[0])
    return days


def field_of(sections, wanted):
    """Index and name of a signal, whose name may be written without signs: mcp1."""
    if wanted == "none":
        return -1, ""
    names = sections.names("field")
    for k, name in enumerate(names):
        if plain(name).startswith(plain(wanted)) and len(plain(name)) - len(plain(wanted)) <= 1:
            return k, name
    choose("field", wanted, [*names, "none"])


def plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def phase_on(sections, arm, day):
    """The phase of the arm and the day in it."""
    config = tomllib.loads(sections.root.attrs.get("config", ""))
    phases = next((a.get("phase", []) for a in config.get("arm", []) if a["name"] == arm), [])
    since = 0.0
    for phase in phases:
        to = since + phase.get("duration_d", np.inf)
        if day <= to + MINUTE_D:
            return f"{phase['name'].replace('_', ' ')}, day {text_of(round(day - since, 4))}"
        since = to
    return ""


def values_of(section, colour):
    return section.growth if colour == "growth" else section.csa


def norms_of(drawn, colour, field):
    """One scale for all panels."""
    norms = {}
    if colour != "type":
        values = np.concatenate([values_of(section, colour) for section in drawn])
        low, high = np.percentile(values, [1, 99])
        far = max(1.02 - low, high - 0.98)
        norms[colour] = Normalize(1 - far, 1 + far) if colour == "growth" else Normalize(low, high)
    if field >= 0:
        values = np.concatenate([section.concentration[field].ravel() for section in drawn])
        low, high = np.nanpercentile(values[values > 0], [0.5, 99.5])
        norms["field"] = LogNorm(min(low, 0.5 * high), high)  # multiples
    return norms


def draw_panel(axes, section, look, side):
    """side: of what is drawn, um."""
    extent = (section.side - side) / 2, (section.side + side) / 2
    if look.field >= 0:
        axes.imshow(section.concentration[look.field], origin="lower", extent=(0, section.side) * 2, cmap=BEHIND,
                    norm=look.norms["field"], interpolation="bilinear", zorder=0)
    inside = [k for k, outline in enumerate(section.outlines) if len(outline)
              and (outline.max(axis=0) > extent[0]).all() and (outline.min(axis=0) < extent[1]).all()]
    fibres = PolyCollection([section.outlines[k] for k in inside], linewidths=0.5, edgecolors=FIBRE_EDGE, zorder=1)
    if look.colour == "type":
        colours = np.array([to_rgba(TYPE_COLOURS.get(name, "#FFFFFF")) for name in look.type_names])
        fibres.set_facecolor(colours[section.fibre_type[inside]])
    else:
        fibres.set(array=values_of(section, look.colour)[inside], cmap=COLOURINGS[look.colour][0],
                   norm=look.norms[look.colour])
    axes.add_collection(fibres)
    size = np.clip(CELL_UM / side * PANEL * 72, 2.2, 7.0)
    axes.plot(*section.capillaries.T, ".", color=CAPILLARY, markersize=0.75 * size, markeredgewidth=0.05 * size,
              markeredgecolor="white", zorder=2)
    for k, (_, colour, marker, scale) in enumerate(CELLS):
        axes.plot(*section.cells[section.cell_type == k].T, marker, color=colour, markersize=scale * size,
                  markeredgecolor="black" if colour == YELLOW else "white", markeredgewidth=0.07 * size,
                  zorder=3)
    axes.set(xlim=extent, ylim=extent, aspect="equal")


class Page:
    """A figure laid out in inches from its upper left corner, so that nothing can lie over something else."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.figure = plt.figure(figsize=(width, height), facecolor="white")

    def axes(self, left, top, width, height):
        return self.figure.add_axes([left / self.width, 1 - (top + height) / self.height,
                                     width / self.width, height / self.height])

    def text(self, left, top, text, **how):
        self.figure.text(left / self.width, 1 - top / self.height, text, **{"va": "top", **how})


def line_height(size):
    return 1.35 * size / 72


def wrapped(text, width, size):
    """Lines that are at most so many inches wide."""
    return textwrap.wrap(text, max(12, int(width / (0.55 * size / 72)))) or [""]


@dataclass
class Picture:
    sections: Sections
    columns: list
    muscle: str
    animal: int
    days: list
    are_chosen: bool  # the days, by who asked for the picture
    look: Look

    def rows(self):
        """The days that a picture shows: of too many, some from the first to the last."""
        n = len(self.days) if self.are_chosen else min(len(self.days), MOST_ROWS)
        return [self.days[k] for k in np.rint(np.linspace(0, len(self.days) - 1, n)).astype(int)]

    def at(self, column, day):
        """The section, or None."""
        for k in self.sections.of(Whose(column.arm, self.muscle, column.limb, self.animal)):
            if abs(self.sections.days[k] - day) < MINUTE_D:
                return self.sections.section(k)
        return None

    def table(self, days):
        return [[self.at(column, day) for column in self.columns] for day in days]


def legend_of(table, look):
    """[(handle, text)]"""
    drawn = [section for row in table for section in row if section]
    found = []
    if look.colour == "type":
        there = sorted({int(k) for section in drawn for k in np.unique(section.fibre_type)})
        found = [(Patch(facecolor=TYPE_COLOURS.get(look.type_names[k], "#FFFFFF"), edgecolor=FIBRE_EDGE),
                  f"fibre of type {look.type_names[k]}") for k in there]
    for name, colour, marker, scale in CELLS:
        edge = "black" if colour == YELLOW else "white"
        found.append((Line2D([], [], color=colour, marker=marker, linestyle="none", markersize=7 * scale,
                             markeredgecolor=edge, markeredgewidth=0.4), name))
    found.append((Line2D([], [], color=CAPILLARY, marker=".", linestyle="none", markersize=5), "capillary"))
    return found


def scale_length(side):
    """A round length of about a quarter of the panel."""
    return max((length for length in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if length <= 0.3 * side), default=5)


def bars_of(look):
    """[(colour map, norm, title, what it is)]"""
    bars = []
    if look.colour != "type":
        colours, title, text = COLOURINGS[look.colour]
        bars.append((colours, look.norms[look.colour], title, text))
    if look.field >= 0:
        bars.append((BEHIND, look.norms["field"], f"behind: {look.field_name}", "multiple of the mean at rest"))
    return bars


def draw_page(picture, table, days):
    """A figure of one row of panels for each day."""
    bars, handles = bars_of(picture.look), legend_of(table, picture.look)
    grid_width = len(picture.columns) * (PANEL + GAP) - GAP
    width = LEFT + grid_width + (1.45 if bars else 0.15)
    lines = -(-len(handles) // max(1, int((width - 0.2) / LEGEND_COLUMN)))
    title = wrapped(picture.sections.root.attrs.get("title", "hindlimb"), width - 0.3, 13)
    subject_top = 0.1 + len(title) * line_height(13)
    top = subject_top + 2 * line_height(10.5) + 0.08
    foot = top + len(days) * (CAPTION + PANEL)
    page = Page(width, foot + 0.46 + lines * 0.21)
    page.text(0.12, 0.1, "\n".join(title), fontsize=13, fontweight="bold", linespacing=1.25)
    page.text(0.12, subject_top, f"{picture.muscle.replace('_', ' ')}, animal {picture.animal}", fontsize=10.5,
              color=GREY)
    for c, column in enumerate(picture.columns):
        page.text(LEFT + c * (PANEL + GAP) + PANEL / 2, top, column.title, fontsize=10.5, fontweight="bold",
                  ha="center", va="bottom")
    side = min(picture.look.window, max(section.side for row in table for section in row if section))
    for r, day in enumerate(days):
        draw_row(page, picture, table[r], day, side, top + r * (CAPTION + PANEL) + CAPTION)
    draw_scale_bar(page, foot + 0.1, side)
    draw_bars(page, bars, LEFT + grid_width + 0.2, top + CAPTION, foot - top - CAPTION)
    page.figure.legend(*zip(*handles), loc="upper left", ncol=-(-len(handles) // lines), frameon=False, fontsize=9,
                       borderaxespad=0, borderpad=0, handletextpad=0.5, columnspacing=1.2, handlelength=1.4,
                       bbox_to_anchor=(0.14 / page.width, 1 - (foot + 0.38) / page.height))
    return page.figure


def draw_row(page, picture, row, day, side, top):
    """The panels of one day, and its name beside them."""
    arm = next(column.arm for column, section in zip(picture.columns, row) if section)
    page.text(0.12, top + PANEL / 2, f"day {text_of(day)}", fontsize=11, fontweight="bold", rotation=90, va="center")
    page.text(0.36, top + PANEL / 2, phase_on(picture.sections, arm, day), fontsize=9, color=GREY, rotation=90,
              va="center")
    for c, section in enumerate(row):
        left = LEFT + c * (PANEL + GAP)
        axes = page.axes(left, top, PANEL, PANEL)
        axes.set(xticks=[], yticks=[])
        if section is None:
            axes.set_axis_off()
            axes.text(0.5, 0.5, "no section\non this day", ha="center", va="center", color=GREY, fontsize=10)
            continue
        page.text(left + PANEL / 2, top - 0.04, caption_of(section), fontsize=8.5, color=GREY, ha="center",
                  va="bottom")
        draw_panel(axes, section, picture.look, side)


def caption_of(section):
    macrophages = 100 * np.isin(section.cell_type, MACROPHAGES).sum() / len(section.csa)
    return f"mean {section.csa.mean():.0f} µm², {macrophages:.0f} macrophages per 100 fibres"


def draw_scale_bar(page, top, side):
    length = scale_length(side)
    axes = page.axes(LEFT, top, PANEL, 0.06)
    axes.plot([0, length], [0, 0], color="black", linewidth=3, solid_capstyle="butt")
    axes.set(xlim=(0, side), ylim=(-1, 1))
    axes.set_axis_off()
    page.text(LEFT + length / side * PANEL + 0.08, top + 0.03, f"{length} µm", fontsize=9, va="center")


def ticks_of(norm, most):
    """Round numbers, few enough for their room."""
    if isinstance(norm, LogNorm):
        decades = 10.0 ** np.arange(-9, 10)
        for steps in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8)):
            ticks = np.outer(decades, steps).ravel()
            ticks = ticks[(ticks >= norm.vmin) & (ticks <= norm.vmax)]
            if 3 <= len(ticks) <= most:
                return ticks
    ticks = MaxNLocator(min(5, most)).tick_values(norm.vmin, norm.vmax)
    return ticks[(ticks >= norm.vmin) & (ticks <= norm.vmax)]


def draw_bars(page, bars, left, top, height):
    """Colour bars one over the other."""
    each = height / max(1, len(bars))
    for k, (colours, norm, title, text) in enumerate(bars):
        above = top + k * each
        lines = textwrap.wrap(text, 17)
        head = line_height(9.5) + len(lines) * line_height(8.5) + 0.08
        page.text(left, above, title, fontsize=9.5, fontweight="bold")
        page.text(left, above + line_height(9.5), "\n".join(lines), fontsize=8.5, color=GREY)
        tall = min(2.4, each - head - 0.15)
        axes = page.axes(left, above + head, 0.16, tall)
        bar = page.figure.colorbar(ScalarMappable(norm, colours), cax=axes, extend="both")
        bar.ax.yaxis.set_major_locator(FixedLocator(ticks_of(norm, int(tall / 0.2))))
        bar.ax.yaxis.set_minor_locator(NullLocator())
        bar.ax.yaxis.set_major_formatter(lambda value, _: text_of(value))
        bar.outline.set_linewidth(0.5)
        axes.tick_params(labelsize=8.5)


def palette_of(look):
    """At most 256 colours: all that are drawn, and shades of them for what is smooth, as edges of letters are."""
    solid = [to_rgba(colour)[:3] for colour in (CAPILLARY, *(cell[1] for cell in CELLS), *TYPE_COLOURS.values())]
    edge = to_rgba(FIBRE_EDGE)[:3]
    shades = [(level,) * 3 for level in np.linspace(0, 1, 24)] + [edge]
    shades += [tuple(share * np.array(colour) + 1 - share) for colour in solid for share in (0.4, 0.7, 1)]
    shades += [tuple(share * np.array(to_rgba(YELLOW)[:3])) for share in (0.4, 0.7)]
    shades += [tuple((np.array(to_rgba(colour)[:3]) + edge) / 2) for colour in TYPE_COLOURS.values()]
    shades += [tuple(colour) for colour in BEHIND(np.linspace(0, 1, 64))[:, :3]]
    shades += [tuple((colour + edge) / 2) for colour in BEHIND(np.linspace(0, 1, 12))[:, :3]]
    if look.colour != "type":
        shades += [tuple(colour) for colour in COLOURINGS[look.colour][0](np.linspace(0, 1, 96))[:, :3]]
    return np.rint(255 * np.array(shades)).astype(np.int32)


def image_of(figure, look, dpi):
    """The picture in few colours, so that it takes few bytes."""
    figure.set_dpi(dpi)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(np.int32)
    drawn, place = np.unique(pixels @ [1 << 16, 1 << 8, 1], return_inverse=True)
    drawn = np.stack([drawn >> 16, drawn >> 8 & 255, drawn & 255], axis=1)
    palette = palette_of(look)
    nearest = (np.square(palette).sum(axis=1) - 2 * drawn @ palette.T).argmin(axis=1)
    image = Image.fromarray(nearest.astype(np.uint8)[place].reshape(pixels.shape[:2]), "P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    return image


def draw(picture, output):
    """Returns what is to be said of it."""
    days = picture.rows()
    figure = draw_page(picture, picture.table(days), days)
    if Path(output).suffix.lower() == ".png":
        image_of(figure, picture.look, DPI).save(output, optimize=True, dpi=(DPI, DPI))
    else:
        figure.savefig(output, dpi=DPI)
    return f", {len(days)} of {len(picture.days)} days; --days chooses" if len(days) < len(picture.days) else ""


def film(picture, output):
    """A frame for each day; nothing is to be said of it."""
    ending = Path(output).suffix.lower()
    if ending not in (".gif", ".mp4"):
        fail(f"--film {output}: must end in .gif or .mp4")
    if ending == ".mp4" and not FFMpegWriter.isAvailable():
        fail(f"--film {output}: needs the program ffmpeg, which is not there; a .gif does without")
    figures = (draw_page(picture, picture.table([day]), [day]) for day in picture.days)
    if ending == ".mp4":
        write_mp4(figures, output)
        return ""
    images = []
    for figure in figures:
        images.append(image_of(figure, picture.look, FILM_DPI))
        plt.close(figure)
    images[0].save(output, save_all=True, append_images=images[1:], duration=1000 / FRAMES_PER_S, loop=0)
    return ""


def write_mp4(figures, output):
    writer = FFMpegWriter(fps=FRAMES_PER_S)
    for k, figure in enumerate(figures):
        if k == 0:
            writer.setup(figure, output, dpi=DPI)
        writer.fig = figure  # which gets the size of the first
        writer.grab_frame()
        plt.close(figure)
    writer.finish()


def arguments():
    parser = argparse.ArgumentParser(
        prog="plot_section.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Rows are days. Columns are both limbs of the arm that is massaged, and the same side of the untreated\n"
               "arm. Numbers over a panel are of the whole section, of which the middle is drawn.\n\n"
               "examples:\n"
               "  hindlimb run configs/miller2018.toml --set fidelity=agents --set 'agents.snapshots_d=[14, 16, 22]'\n"
               "  scripts/plot_section.py results/miller2018.h5\n"
               "  scripts/plot_section.py results/miller2018.h5 --colour growth --field none --window all\n"
               "  scripts/plot_section.py results/miller2018.h5 --arms WB,RE --days 22 -o day22.png\n"
               "  scripts/plot_section.py results/miller2018.h5 --film results/miller2018.gif")
    parser.add_argument("result", metavar="RESULT.h5", help="file made by 'hindlimb run' with fidelity=agents")
    parser.add_argument("-o", "--output", metavar="FILE",
                        help="picture to write; its ending chooses the format (default: RESULT with .png)")
    parser.add_argument("--film", metavar="FILE", help="film of one frame a day instead, or besides -o: .gif or .mp4")
    parser.add_argument("--days", metavar="DAY[,DAY]", help="default: all that the file has; of more than 6, a picture shows some")
    parser.add_argument("--arms", metavar="ARM[,ARM]", help="default: the first with massage, and the untreated one")
    parser.add_argument("--muscle", metavar="NAME", help="default: the first in the file")
    parser.add_argument("--animal", metavar="NUMBER", help="default: the first in the file")
    parser.add_argument("--colour", choices=COLOURINGS, default="type",
                        help="what fills the fibres: their type, their area over that in weight bearing, or their area "
                        "(default: %(default)s)")
    parser.add_argument("--field", default="mcp1", metavar="NAME",
                        help="signal that is drawn between the fibres: mcp1, tnf, il10, hgf, igf1, tgfb or none "
                        "(default: %(default)s)")
    parser.add_argument("--window", default="600", metavar="UM",
                        help="side of the middle that is drawn, in µm, or all (default: %(default)s)")
    return parser.parse_args()


def window_of(text):
    if text == "all":
        return np.inf
    try:
        window = float(text)
    except ValueError:
        window = 0.0
    if not 20 <= window < np.inf:
        fail(f"--window {text}: must be a length of at least 20 µm, or all")
    return window


def pictured(given):
    """All that is drawn."""
    window = window_of(given.window)
    sections = Sections(given.result)
    muscles, animals = sections.distinct("muscle"), [str(animal) for animal in sections.distinct("animal")]
    muscle = choose("muscle", given.muscle or muscles[0], muscles)
    animal = int(choose("animal", given.animal or animals[0], animals))
    field, name = field_of(sections, given.field)
    columns = columns_of(sections, given.arms)
    days = days_of(sections, columns, muscle, animal, given.days)
    look = Look(given.colour, field, name, window, {}, sections.names("fibre_type"))
    picture = Picture(sections, columns, muscle, animal, days, given.days is not None, look)
    drawn = [section for row in picture.table(days) for section in row if section]
    look.norms = norms_of(drawn, given.colour, field)
    return picture


def main():
    given = arguments()
    output = given.output or (None if given.film else Path(given.result).with_suffix(".png"))
    picture = pictured(given)
    for make, to in ((draw, output), (film, given.film)):
        if to is None:
            continue
        try:
            said = make(picture, to)
        except OSError as error:
            fail(f"{error.filename or to}: {error.strerror or error}")
        except ValueError as error:
            fail(str(error))
        print(f"wrote {to}{said}")


if __name__ == "__main__":
    main()
