"""Whether a picture can be read, for the tests of the scripts that draw."""

import unittest

import numpy
from matplotlib.text import Text

SMALLEST_PT = 8


class LegibleTest(unittest.TestCase):
    def assert_legible(self, figure):
        """No text lies over another one, none leaves the page, none is too small."""
        figure.canvas.draw()  # at its own resolution: the picture had another one
        renderer = figure.canvas.get_renderer()
        texts = [text for text in drawn_texts(figure) if text.get_visible() and text.get_text().strip()]
        self.assertGreater(len(texts), 8)
        self.assertGreaterEqual(min(text.get_fontsize() for text in texts), SMALLEST_PT)
        boxes = numpy.array([Text.get_window_extent(text, renderer).extents for text in texts])  # without lines to curves
        page = figure.bbox.extents
        for text, box in zip(texts, boxes):
            self.assertTrue((box[:2] >= page[:2]).all() and (box[2:] <= page[2:]).all(), text)
        for k, (left, low, right, high) in enumerate(boxes):
            over = (boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < high) & (boxes[:, 3] > low)
            over[k] = False
            self.assertEqual([texts[other].get_text() for other in numpy.flatnonzero(over)], [], texts[k].get_text())


def drawn_texts(figure):
    yield from figure.texts
    for legend in figure.legends:
        yield from legend.get_texts()
    for axes in figure.axes:
        yield from [*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            yield from [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
