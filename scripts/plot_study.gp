# Draws the time courses of a study from its tidy table: a panel for each arm, a curve for each limb.
usage = "usage: gnuplot -c scripts/plot_study.gp TABLE.csv [OBSERVABLE [OUT.png [MUSCLE]]]\n\n\
Draws mean +- SD over rats of an observable against time: a panel for each arm, a curve for each limb.\n\
  TABLE.csv   made by: hindlimb export RESULT.h5 --csv --observables csa,wet_mass -o TABLE.csv\n\
  OBSERVABLE  such as csa, wet_mass, csa_by_type.IIa (default: csa)\n\
  OUT.png     default: TABLE.png\n\
  MUSCLE      default: the first in the table\n\
Of a sweep the first run in the table is drawn.\n"
if (ARGC == 0) { printerr usage; exit status 2 }
set print "-"
if (ARG1 eq "--help" || ARG1 eq "-h") { print usage; exit }
table = ARG1
observable = ARGC > 1 ? ARG2 : "csa"
out = ARGC > 2 ? ARG3 : (table[strlen(table)-3:*] eq ".csv" ? table[1:strlen(table)-4] : table).".png"
if (ARGC > 4) { printerr "plot_study.gp: '".ARG5."' is one word too many; see --help"; exit status 1 }
is_png = strlen(out) > 4 && out[strlen(out)-3:*] eq ".png"
if (!is_png) { printerr "plot_study.gp: ".out.": must end in .png"; exit status 1 }

# What is wrong with the files, as the shell finds: gnuplot itself would go on without them.
quoted(text) = strstrt(text, "'") ? text[1:strstrt(text, "'") - 1]."'\\''".quoted(text[strstrt(text, "'") + 1:*]) : text
wrong = system("t='".quoted(table)."'; o='".quoted(out)."'; d=$(dirname -- \"$o\"); \
  if [ ! -e \"$t\" ]; then echo \"$t: no such file; 'hindlimb export RESULT.h5 --csv' makes one\"; \
  elif [ -d \"$t\" ]; then echo \"$t: is a directory, not a file\"; \
  elif [ ! -r \"$t\" ]; then echo \"$t: cannot be read: Permission denied\"; \
  elif ! head -n 1 -- \"$t\" | grep -qx run,arm,animal,muscle,limb,time,observable,value,unit; then \
    echo \"$t: not a table made by: hindlimb export RESULT.h5 --csv\"; \
  elif [ -z \"$(sed -n 2p -- \"$t\")\" ]; then \
    echo \"$t: has no rows beneath its header, so there is nothing to draw\"; \
  elif grep -q '[\\\\\"]' -- \"$t\"; then \
    echo \"$t: gnuplot cannot read names with commas, quotation marks or backslashes; plot_study.py draws them\"; \
  elif [ -d \"$o\" ]; then echo \"$o: cannot be written: Is a directory\"; \
  elif [ ! -d \"$d\" ]; then echo \"$o: cannot be written: No such file or directory\"; \
  elif [ -e \"$o\" ] && [ ! -w \"$o\" ] || [ ! -e \"$o\" ] && [ ! -w \"$d\" ]; then \
    echo \"$o: cannot be written: Permission denied\"; fi")
if (wrong ne "") { printerr "plot_study.gp: ".wrong; exit status 1 }
set linetype 1 linecolor rgb "#0072B2" linewidth 2.5 # of limbs, Okabe-Ito
set linetype 2 linecolor rgb "#D55E00" linewidth 2.5 dashtype (12,4)

# What there is, as lists of words: no name has a blank in it.
set datafile separator comma
set datafile missing NaN
observables = ""; muscles = ""; arms = ""; limbs = ""; animals = ""; run = 0; unit = ""; sum = 0.0; n = 0
place(list, name) = words(name) == 1 ? strstrt(" ".list." ", " ".name." ") : 0
number(list, name) = 1 + words((" ".list)[1:place(list, name)]) # of a word in a list, from 1
with(list, name) = place(list, name) ? list : list eq "" ? name : list." ".name
stats table skip 1 using (observables = with(observables, strcol(7)), muscles = with(muscles, strcol(4)), 0) nooutput
muscle = ARGC > 3 ? ARG4 : word(muscles, 1)
types = ""
do for [name in observables] { if (strstrt(name, observable.".") == 1) { types = with(types, name) } }
if (types ne "") {
  printerr "plot_study.gp: observable '".observable."': name one type, such as ".word(types, 1)."; there are: ".types
  exit status 1
}
if (!place(observables, observable)) {
  printerr "plot_study.gp: observable '".observable."' is not in the file; there are: ".observables; exit status 1
}
if (!place(muscles, muscle)) {
  printerr "plot_study.gp: muscle '".muscle."' is not in the file; there are: ".muscles; exit status 1
}
is_meant(_) = strcol(7) eq observable && strcol(4) eq muscle && (run == 0 || column(1) == run)
noted(_) = (run = column(1), arms = with(arms, strcol(2)), animals = with(animals, strcol(3)), \
  limbs = with(limbs, strcol(5)), unit = strcol(9), sum = sum + column(8), n = n + 1, 0)
stats table skip 1 using (is_meant(0) ? noted(0) : 0) nooutput
stats table skip 1 using (is_meant(0) ? column(6) : NaN) nooutput
if (STATS_min == STATS_max) {
  printerr "plot_study.gp: ".table.": has one time and no course; plot_sweep.py draws ends of arms"; exit status 1
}
set table $rows
plot table skip 1 using (number(arms, strcol(2))):(number(limbs, strcol(5))):(strcol(6)):(strcol(8)) \
  with table if (is_meant(0))
unset table
set datafile separator whitespace

# Blocks of day, mean - SD, mean, mean + SD: one for each limb of each arm. Squares are of what the mean of all leaves.
middle = sum / n
day(arm, limb) = column(1) == arm && column(2) == limb ? column(3) : NaN
set format "%.12g"
set yrange [-1e99:1e99] # else one rat makes it warn of an empty range
set print $courses
do for [arm = 1:words(arms)] {
  do for [limb = 1:words(limbs)] {
    set table $mean;   plot $rows using (day(arm, limb)):(column(4) - middle) smooth unique;      unset table
    set table $square; plot $rows using (day(arm, limb)):((column(4) - middle)**2) smooth unique; unset table
    set table $count;  plot $rows using (day(arm, limb)):(1) smooth frequency;                    unset table
    do for [k = 1:|$mean|] {
      if (words($mean[k]) < 2 || $mean[k][1:1] eq "#") { continue }
      mean = real(word($mean[k], 2)); count = real(word($count[k], 2))
      sd = count > 1 ? sqrt(abs(real(word($square[k], 2)) - mean**2) * count / (count - 1)) : 0
      print sprintf("%s %.9g %.9g %.9g", word($mean[k], 1), middle + mean - sd, middle + mean, middle + mean + sd)
    }
    print ""; print ""
  }
}
set print "-"

set encoding utf8
set format "%g"
columns = ceil(sqrt(words(arms)))
rows = ceil(words(arms) / real(columns))
set terminal pngcairo noenhanced size 480 * columns + 60, 400 * rows + 120 font "Sans,13"
set output out
set yrange [*:*]
stats $courses using 2:4 name "lows_highs" nooutput
stats $courses using 1 name "days" nooutput
margin = 0.05 * (lows_highs_max_y - lows_highs_min_x)
set yrange [lows_highs_min_x - margin:lows_highs_max_y + margin]
set xrange [days_min:days_max]
set border 3; set tics nomirror out; unset key
set xlabel "time (d)"
set ylabel observable.(unit eq "1" ? "" : " (".(unit eq "um2" ? "µm²" : unit eq "1/mm2" ? "1/mm²" : unit).")")
foot = 60.0 / (400 * rows + 120)
of(arm, limb) = (arm - 1) * words(limbs) + limb - 1
spaced(name) = strstrt(name, "_") ? name[1:strstrt(name, "_") - 1]." ".spaced(name[strstrt(name, "_") + 1:*]) : name
shortened(name) = strlen(name) > 54 ? name[1:26]."…".name[strlen(name) - 26:*] : name # which a panel has room for
size(name) = strlen(name) > 36 ? 13 * 36 / strlen(name) : 13
set multiplot title spaced(muscle) font ",16"
do for [arm = 1:words(arms)] {
  set size 1.0 / columns, (1 - 2 * foot) / rows
  set origin ((arm - 1) % columns) / real(columns), 1 - foot - (1 + (arm - 1) / columns) * (1 - 2 * foot) / rows
  name = shortened(word(arms, arm))
  set title name font sprintf(":Bold,%d", size(name))
  plot for [k = 1:words(limbs)] $courses index of(arm, k) using 1:2:4 \
         with filledcurves linetype k fillstyle transparent solid 0.12, \
       for [k = 1:words(limbs)] for [edge in "2 4"] $courses index of(arm, k) using 1:int(edge) \
         with lines linetype k linewidth 0.7 dashtype solid, \
       for [k = 1:words(limbs)] $courses index of(arm, k) using 1:3 with lines linetype k
}
unset title; unset border; unset tics; unset xlabel; unset ylabel
set size 1, foot; set origin 0, 0; set key center center horizontal reverse Left
plot [0:1][0:1] NaN notitle, for [k = 1:words(limbs)] keyentry with lines linetype k title word(limbs, k)." limb", \
     keyentry with filledcurves fillcolor "#555555" fillstyle solid words(animals) > 1 ? 0.3 : 0 noborder \
       title words(animals) > 1 ? sprintf("± 1 SD of %d rats", words(animals)) : "one rat"
unset multiplot
set output
print "wrote ".out
