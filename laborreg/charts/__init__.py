"""Charts drawn on the server as SVG: functions of figures and words, without database and style.

Colors are classes of static/app.css. The caller gives the sentence that is read aloud, and shows the same
numbers as a table.
"""

from laborreg.charts.bars import bar
from laborreg.charts.columns import stacked
from laborreg.charts.flows import flows
from laborreg.charts.lines import spark, trend
from laborreg.charts.pace import pace
from laborreg.charts.provinces import tiles

__all__ = ["bar", "flows", "pace", "spark", "stacked", "tiles", "trend"]
