"""The pictures and films of sections: that there are any and that they are legible, what they show, what is refused."""

import dataclasses
import functools
import os
import re
import shutil
import unittest
from unittest import mock

import numpy
from matplotlib import pyplot
from PIL import Image

import sections_example
from legible import LegibleTest, drawn_texts
from sections_example import FOLDER, ScriptTest, path_of, study

import plot_section

unittest.addModuleCleanup(FOLDER.cleanup)
plot_section.Sections = functools.cache(plot_section.Sections)

FIELDS = "MCP-1, TNF-a, IL-10, HGF, IGF-1, TGF-b, none"


class SectionTest(ScriptTest, LegibleTest):
    script = plot_section

    def setUp(self):
        self.addCleanup(pyplot.close, "all")

    def draw(self, *arguments):
        """Draws into picture.png, and gives the figure."""
        picture = path_of("picture.png")
        self.assertEqual(self.run_script(study(), *arguments, "-o", picture), f"wrote {picture}\n")
        return pyplot.gcf()

    def pictured(self, *arguments):
        with mock.patch("sys.argv", ["plot_section.py", study(), *arguments]):
            return plot_section.pictured(plot_section.arguments())

    def columns(self, *arguments):
        return [(column.arm, column.limb, column.title) for column in self.pictured(*arguments).columns]


class Pictures(SectionTest):
    def test_are_legible_whatever_is_drawn(self):
        for arguments in (("--colour", "growth", "--field", "igf1"),
                          ("--colour", "csa", "--field", "none", "--days", "0.5"),
                          ("--arms", "REM", "--days", "2", "--window", "all", "--colour", "growth"),
                          ("--arms", "HS,RE,REM", "--window", "150", "--muscle", "edl", "--days", "2"),
                          ("--arms", "HS", "--days", "0")):
            with self.subTest(arguments=arguments):
                self.assert_legible(self.draw(*arguments))

    def test_have_the_size_of_their_page_and_few_but_not_too_few_colours(self):
        figure = self.draw()
        with Image.open(path_of("picture.png")) as image:
            self.assertEqual(list(image.size), [int(inches * 150) for inches in figure.get_size_inches()])
            pixels = numpy.asarray(image.convert("RGB")).astype(int)
        colours = set(numpy.unique(pixels @ [1 << 16, 1 << 8, 1]).tolist())
        self.assertTrue(50 < len(colours) <= 256, len(colours))
        self.assertGreater(pixels.std(), 20)
        self.assertEqual(tuple(pixels[0, 0]), (255, 255, 255))
        for _, colour, _, _ in plot_section.CELLS:
            self.assertIn(int(colour[1:], 16), colours)

    def test_are_written_beside_the_result_and_in_other_formats(self):
        self.run_script(study(), "--days", "2")
        self.assertTrue(os.path.isfile(study().replace(".h5", ".png")))
        self.run_script(study(), "--days", "2", "-o", path_of("picture.svg"))
        with open(path_of("picture.svg"), encoding="utf-8") as file:
            self.assertIn("<svg", file.read())

    def test_show_both_limbs_of_the_massaged_arm_and_one_of_the_untreated(self):
        self.assertEqual(self.columns(), [("REM", "right", "REM, massaged limb"),
                                          ("REM", "left", "REM, contralateral limb"),
                                          ("RE", "right", "RE, untreated, right limb")])
        self.assertEqual(self.columns("--arms", "HS"), [("HS", "right", "HS, right limb")])

    def test_keep_long_names_and_dollars_over_their_columns(self):
        name = "$REM_mit_Massage_für_das_größere_Übel$"
        figure = self.draw_of(name, "--arms", f"{name},RE", "--days", "2")
        texts = [text.get_text() for text in drawn_texts(figure)]
        self.assertIn("$REM_mi…re_Übel$, contralateral limb", texts)
        self.assertFalse(any(text.get_parse_math() for text in drawn_texts(figure)))
        self.assert_legible(figure)

    def draw_of(self, name, *arguments):
        """Of the study with another name for REM."""
        with mock.patch("sections_example.STUDY", sections_example.STUDY.replace('"REM"', f'"{name}"')):
            result = study(name)
        self.run_script(result, *arguments, "-o", path_of("picture.png"))
        return pyplot.gcf()

    def test_show_each_day_in_a_row_and_say_where_an_arm_has_ended(self):
        picture = self.pictured("--arms", "HS,RE")
        self.assertEqual(picture.days, [0, 0.5, 2])
        self.assertEqual([row[0] is None for row in picture.table(picture.days)], [False, False, True])
        texts = [text.get_text() for text in drawn_texts(self.draw("--arms", "HS,RE"))]
        self.assertEqual(texts.count("no section\non this day"), 1)
        self.assertEqual(self.pictured("--days", "2,0.5").days, [2, 0.5])
        for text in ("day 0.5", "suspension, day 0.5", "day 2", "reload, day 1.5"):
            self.assertIn(text, texts)

    def test_show_some_of_many_days_unless_they_are_asked_for(self):
        days = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2]
        for are_chosen, shown in ((False, [0, 0.2, 0.4, 0.5, 1, 2]), (True, days)):
            self.assertEqual(dataclasses.replace(self.pictured(), days=days, are_chosen=are_chosen).rows(), shown)
        result, picture = study("agents.snapshots_d=[0, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2]"), path_of("picture.png")
        self.assertEqual(self.run_script(result, "-o", picture, "--arms", "RE", "--window", "60"),
                         f"wrote {picture}, 6 of 8 days; --days chooses\n")

    def test_show_the_fibres_and_cells_of_the_file(self):
        section = self.pictured().at(plot_section.Column("REM", "right", ""), 2.0)
        group = plot_section.Sections(study()).group
        shown = ((group.time == 2) & (group.arm == "REM") & (group.limb == "right") & (group.muscle == "soleus")).values
        k = numpy.flatnonzero(shown)[0]
        numpy.testing.assert_array_equal(section.csa, group.fibre_csa.values[group.fibre_snapshot.values == k])
        numpy.testing.assert_array_equal(section.cells[:, 1], group.cell_y.values[group.cell_snapshot.values == k])
        self.assertEqual([len(outline) for outline in section.outlines],
                         group.vertices.values[group.fibre_snapshot.values == k].tolist())
        self.draw("--arms", "REM", "--days", "2", "--window", "all")
        fibres = pyplot.gcf().axes[0].collections[0]
        self.assertEqual(len(fibres.get_paths()), 60)
        self.assertEqual([len(line.get_xdata()) for line in pyplot.gcf().axes[0].lines[1:]],
                         numpy.bincount(section.cell_type, minlength=7).tolist())

    def test_share_one_scale(self):
        look = self.pictured("--colour", "growth", "--field", "hgf").look
        self.assertEqual((look.field, look.field_name), (3, "HGF"))
        self.assertAlmostEqual(look.norms["growth"](1.0), 0.5)
        self.assertEqual(self.pictured("--field", "TNF-a").look.field, 1)
        self.assertEqual(self.pictured("--field", "tnf").look.field, 1)
        self.assertEqual(self.pictured("--field", "none").look.norms, {})


class Films(SectionTest):
    def test_have_a_frame_for_each_day(self):
        film = path_of("film.gif")
        self.assertEqual(self.run_script(study(), "--film", film), f"wrote {film}\n")
        with Image.open(film) as image:
            self.assertEqual((image.n_frames, image.format), (3, "GIF"))
            frames = []
            for k in range(3):
                image.seek(k)
                frames.append(numpy.asarray(image.convert("RGB")).astype(int))
        self.assertGreater(abs(frames[0] - frames[2]).mean(), 1)

    def test_come_besides_a_picture_where_both_are_asked_for(self):
        film, picture = path_of("film.gif"), path_of("picture.png")
        said = self.run_script(study(), "--film", film, "-o", picture, "--days", "2")
        self.assertEqual(said, f"wrote {picture}\nwrote {film}\n")

    def test_may_be_mp4(self):
        """Whatever ffmpeg makes of them, all frames of one size reach it."""
        programs, film = path_of("programs"), path_of("film.mp4")
        os.mkdir(programs)
        with open(os.path.join(programs, "ffmpeg"), "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\necho "$@" >"$(dirname "$0")/asked"\nfor last; do :; done\ncat >"$last"\n')
        os.chmod(file.name, 0o755)
        with mock.patch.dict(os.environ, PATH=programs + os.pathsep + os.environ["PATH"]):
            self.assertEqual(self.run_script(study(), "--film", film), f"wrote {film}\n")
        with open(os.path.join(programs, "asked"), encoding="utf-8") as file:
            width, height = map(int, re.search(r"-s (\d+)x(\d+) ", file.read()).groups())
        self.assertEqual(os.path.getsize(film), 3 * width * height * 4)

    def test_in_mp4_need_ffmpeg(self):
        with mock.patch.object(plot_section.FFMpegWriter, "isAvailable", return_value=False):
            self.assert_refused("--film film.mp4: needs the program ffmpeg, which is not there; a .gif does without",
                                study(), "--film", "film.mp4")
        self.assert_refused("--film film.avi: must end in .gif or .mp4", study(), "--film", "film.avi")


class Refusals(SectionTest):
    def test_of_files_without_sections_say_how_they_are_made(self):
        self.assert_refuses_files_without_sections()

    def test_name_what_there_is(self):
        for message, arguments in (
            ("day '17' is not in the file; there are: 0, 0.5, 2", ("--days", "2,17")),
            ("day 'first' is not in the file; there are: 0, 0.5, 2", ("--days", "first")),
            ("day '2' is not in the file; there are: 0, 0.5", ("--days", "2", "--arms", "HS")),
            ("arm 'RM' is not in the file; did you mean 'REM'? There are: HS, RE, REM", ("--arms", "RE,RM")),
            ("muscle 'soles' is not in the file; did you mean 'soleus'? There are: soleus, edl", ("--muscle", "soles")),
            ("animal '2' is not in the file; there are: 1", ("--animal", "2")),
            (f"field 'mpc1' is not in the file; did you mean 'MCP-1'? There are: {FIELDS}", ("--field", "mpc1")),
            (f"field '' is not in the file; there are: {FIELDS}", ("--field", "")),
            ("--window 0: must be a length of at least 20 µm, or all", ("--window", "0")),
            ("--window nan: must be a length of at least 20 µm, or all", ("--window", "nan")),
            ("--window wide: must be a length of at least 20 µm, or all", ("--window", "wide")),
        ):
            with self.subTest(message=message):
                self.assert_refused(message, study(), *arguments)

    def test_of_a_changed_file_say_so(self):
        path = path_of("changed.h5")
        shutil.copy(study(), path)
        with open(path + ".sha256", "w", encoding="utf-8") as file:
            file.write(f"{'0' * 64}  changed.h5\n")
        self.assert_refused(f"{path}: changed or broken: its SHA-256 is not the one in 'changed.h5.sha256'", path)

    def test_of_places_say_what_is_wrong_with_them(self):
        for place in ("none/x.png", "none/x.pdf"):
            self.assert_refused(f"{path_of(place)}: No such file or directory", study(), "-o", path_of(place))
        film = path_of("none/x.gif")
        self.assert_refused(f"{film}: No such file or directory", study(), "--film", film)


if __name__ == "__main__":
    unittest.main()
