% Draws the time courses of a study from its tidy table: a panel for each arm, a curve for each limb.
1; % a script, not a function

function say_usage(stream)
  fputs(stream, ["usage: octave-cli scripts/plot_study.m TABLE.csv [OBSERVABLE [OUT.png [MUSCLE]]]\n\n" ...
    "Draws mean +- SD over rats of an observable against time: a panel for each arm, a curve for each limb.\n" ...
    "  TABLE.csv   made by: hindlimb export RESULT.h5 --csv --observables csa,wet_mass -o TABLE.csv\n" ...
    "  OBSERVABLE  such as csa, wet_mass, csa_by_type.IIa (default: csa)\n" ...
    "  OUT.png     default: TABLE.png\n" ...
    "  MUSCLE      default: the first in the table\n" ...
    "Of a sweep the first run in the table is drawn. Needs gnuplot, by which Octave draws without a screen.\n"]);
end

function fail(varargin)
  fprintf(stderr, "plot_study.m: %s\n", sprintf(varargin{:}));
  exit(1);
end

function choose(what, wanted, there)
  types = there(strncmp(there, [wanted "."], numel(wanted) + 1));
  if numel(types) > 0
    fail("%s '%s': name one type, such as %s; there are: %s", what, wanted, types{1}, strjoin(types', ", "));
  end
  if !any(strcmp(wanted, there))
    fail("%s '%s' is not in the file; there are: %s", what, wanted, strjoin(there', ", "));
  end
end

function rows = read_table(path)
  if !exist(path, "file"), fail("%s: no such file; 'hindlimb export RESULT.h5 --csv' makes one", path); end
  if isfolder(path), fail("%s: is a directory, not a file", path); end
  [file, problem] = fopen(path);
  if file < 0, fail("%s: cannot be read: %s", path, problem); end
  header = fgetl(file);
  if !strcmp(header, "run,arm,animal,muscle,limb,time,observable,value,unit")
    fail("%s: not a table made by: hindlimb export RESULT.h5 --csv", path);
  end
  text = strrep(fread(file, Inf, "char=>char")', '""', "\a"); % a quotation mark, which textscan takes for an end
  fclose(file);
  if isempty(text), fail("%s: has no rows beneath its header, so there is nothing to draw", path); end
  cells = textscan(text, "%f %q %f %q %q %f %q %f %q", "Delimiter", ",");
  if any(cellfun(@numel, cells) != sum(text == "\n")) || any(cellfun(@isempty, cells{end}))
    fail("%s: a row is not whole: export it again", path);
  end
  names = strsplit(header, ",");
  for k = 1:numel(names), rows.(names{k}) = cells{k}; end
  rows.arm = strrep(rows.arm, "\a", '"');
end

function require_writable(path)
  if isfolder(path), fail("%s: cannot be written: Is a directory", path); end
  [file, problem] = fopen(path, "a");
  if file < 0, fail("%s: cannot be written: %s", path, problem); end
  fclose(file);
end

function rows = only(rows, chosen)
  for name = fieldnames(rows)', rows.(name{1}) = rows.(name{1})(chosen); end
end

% Days, means and standard deviations over rats.
function [days, middle, sd] = course(rows)
  [days, ~, place] = unique(rows.time);
  n = accumarray(place, 1);
  middle = accumarray(place, rows.value) ./ n;
  sd = sqrt(accumarray(place, (rows.value - middle(place)) .^ 2) ./ max(n - 1, 1));
end

% A name that a panel has room for: its middle is left out if it is longer.
function name = shortened(name)
  place = unicode_idx(name); % of the letter that a byte belongs to
  n = max(place);
  if n > 54, name = [name(place <= 26) "…" name(place > n - 27)]; end
end

function draw_band(days, low, high, colour)
  fill([days; flipud(days)], [low; flipud(high)], colour, "facealpha", 0.12, "edgecolor", "none");
  plot(days([end end]), [low(end) high(end)], "w-", "linewidth", 2); % over the edge that gnuplot draws all the same
end

function draw_limb(days, low, middle, high, colour, style)
  plot(days, [low, high], "-", "color", 0.5 + 0.5 * colour, "linewidth", 1);
  plot(days, middle, style, "color", colour, "linewidth", 3);
end

function draw(rows, observable, muscle, out)
  colours = [0 114 178; 213 94 0] / 255; styles = {"-", "--"}; % of limbs, Okabe-Ito
  arms = unique(rows.arm, "stable");
  limbs = unique(rows.limb);
  columns = ceil(sqrt(numel(arms)));
  lines = ceil(numel(arms) / columns);
  width = 420 * columns + 40; height = 340 * lines + 110; % pixels
  unit = strrep(strrep(rows.unit{1}, "um2", "µm²"), "1/mm2", "1/mm²");
  if strcmp(unit, "1"), unit = ""; else, unit = [" (" unit ")"]; end
  picture = figure("visible", "off", "position", [0 0 width height]);
  panels = [];
  for k = 1:numel(arms)
    left = 420 * mod(k - 1, columns) + 100;
    low = height - 55 - 340 * floor((k - 1) / columns) - 265;
    panels(k) = axes("position", [left / width, low / height, 325 / width, 235 / height], "fontsize", 11);
    hold on;
    of = @(limb) only(rows, strcmp(rows.arm, arms{k}) & strcmp(rows.limb, limbs{limb}));
    for limb = 1:numel(limbs)
      [days, middle, sd] = course(of(limb));
      draw_band(days, middle - sd, middle + sd, colours(limb, :));
    end
    for limb = 1:numel(limbs)
      [days, middle, sd] = course(of(limb));
      draw_limb(days, middle - sd, middle, middle + sd, colours(limb, :), styles{limb});
    end
    name = shortened(arms{k});
    size = 12 * min(1, 36 / max(unicode_idx(name)));
    title(undo_string_escapes(name), "fontsize", size, "interpreter", "none"); % gnuplot reads it as a text in quotes
    xlabel("time (d)"); ylabel([observable unit], "interpreter", "none");
  end
  shown = cell2mat(arrayfun(@(p) get(p, "ylim")(:), panels, "UniformOutput", false));
  set(panels, "xlim", [min(rows.time), max(rows.time)], "ylim", [min(shown(1, :)), max(shown(2, :))]);
  axes("position", [0, 0, 1, 1], "visible", "off"); hold on; axis([0 width 0 height]);
  text(width / 2, height - 22, strrep(muscle, "_", " "), "fontsize", 14, "horizontalalignment", "center");
  for limb = 1:numel(limbs)
    plot(width / 2 - 425 + 190 * limb + [0 45], [22 22], styles{limb}, "color", colours(limb, :), "linewidth", 3);
    text(width / 2 - 370 + 190 * limb, 22, [limbs{limb} " limb"], "fontsize", 11);
  end
  at = width / 2 - 425 + 190 * (numel(limbs) + 1);
  rats = numel(unique(rows.animal));
  if rats > 1
    fill(at + [0 45 45 0], [16 16 28 28], [0.8 0.8 0.8], "edgecolor", "none");
    text(at + 55, 22, sprintf("± 1 SD of %d rats", rats), "fontsize", 11);
  else
    text(at + 55, 22, "one rat", "fontsize", 11);
  end
  print(picture, out, "-dpngcairo");
  close(picture);
end

history_save(false);
given = argv();
if isempty(given), say_usage(stderr); exit(2); end
if any(strcmp(given{1}, {"--help", "-h"})), say_usage(stdout); exit(0); end
warning("off", "Octave:gnuplot-graphics"); % the one that needs no screen
warning("off", "print:nogs");
graphics_toolkit("gnuplot");
if numel(given) > 4, fail("'%s' is one word too many; see --help", given{5}); end
muscle = given(4:end);
given = [given; {"csa"; [regexprep(given{1}, '\.csv$', "") ".png"]}(numel(given):end)];
if isempty(regexp(given{3}, '\.png$')), fail("%s: must end in .png", given{3}); end
rows = read_table(given{1});
choose("observable", given{2}, unique(rows.observable));
rows = only(rows, strcmp(rows.observable, given{2}) & rows.run == rows.run(1));
if isempty(muscle), muscle = rows.muscle(1); end
choose("muscle", muscle{1}, unique(rows.muscle));
if isscalar(unique(rows.time)), fail("%s: has one time and no course; plot_sweep.py draws ends of arms", given{1}); end
require_writable(given{3});
try
  draw(only(rows, strcmp(rows.muscle, muscle{1})), given{2}, muscle{1}, given{3});
catch problem
  fail("%s", problem.message);
end
printf("wrote %s\n", given{3});
