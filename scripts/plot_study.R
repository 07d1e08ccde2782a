#!/usr/bin/Rscript
# Draws the time courses of a study from its result file: a panel for each arm, a curve for each limb.
usage <- "usage: Rscript scripts/plot_study.R RESULT.h5 [OBSERVABLE [OUT.png [MUSCLE]]]

Draws mean +- SD over rats of an observable against time: a panel for each arm, a curve for each limb.
  OBSERVABLE  such as csa, wet_mass, csa_by_type.IIa (default: csa)
  OUT.png     default: RESULT.png
  MUSCLE      default: the first in the file
Needs ncdf4 (Debian: r-cran-ncdf4).
"
colours <- c("#0072B2", "#D55E00") # of limbs, Okabe-Ito
grey <- "#555555"

fail <- function(...) {
  message("plot_study.R: ", ...)
  quit(status = 1)
}

choose <- function(what, wanted, there) {
  types <- there[startsWith(there, paste0(wanted, "."))]
  if (length(types) > 0)
    fail(what, " '", wanted, "': name one type, such as ", types[1], "; there are: ", paste(types, collapse = ", "))
  if (!wanted %in% there) fail(what, " '", wanted, "' is not in the file; there are: ", paste(there, collapse = ", "))
  wanted
}

# Fails unless a file is as it was written, as far as there are a checksum beside it and a program to compare it.
require_whole <- function(path) {
  beside <- paste0(path, ".sha256")
  if (!file.exists(beside) || Sys.which("sha256sum") == "") return(invisible())
  digest_in <- function(line) substr(sub("^\\\\", "", line), 1, 64)
  now <- system2("sha256sum", c("--", shQuote(path)), stdout = TRUE)
  if (!identical(digest_in(now), digest_in(readLines(beside, 1, warn = FALSE))))
    fail(path, ": changed or broken: its SHA-256 is not the one in '", basename(beside), "'")
}

require_writable <- function(path) {
  if (dir.exists(path)) fail(path, ": cannot be written: Is a directory")
  problem <- tryCatch({ close(file(path, "ab")); "" }, warning = function(w) sub(".*: ", "", conditionMessage(w)))
  if (problem != "") fail(path, ": cannot be written: ", problem)
}

read_study <- function(path) {
  if (!file.exists(path)) fail(path, ": no such file; 'hindlimb run' makes one")
  if (dir.exists(path)) fail(path, ": is a directory, not a file")
  if (file.access(path, 4) != 0) fail(path, ": cannot be read: Permission denied")
  require_whole(path)
  said <- capture.output(study <- tryCatch(nc_open(path), error = function(e) NULL)) # what it says of other files
  if (is.null(study) || !all(c("run", "arm", "animal", "muscle", "limb") %in% names(study$dim)))
    fail(path, ": not a study's result file; 'hindlimb run' makes one")
  if (length(series_in(study)) == 0) fail(path, ": has no time courses; plot_sweep.py draws ends of arms")
  study
}

dimensions_of <- function(variable) vapply(variable$dim, function(d) d$name, "")

series_in <- function(study) {
  is_series <- vapply(study$var, function(v) all(c("animal", "limb", "time") %in% dimensions_of(v)), NA)
  typed <- vapply(study$var, function(v) "fibre_type" %in% dimensions_of(v), NA)
  unlist(lapply(names(study$var)[is_series], function(name)
    if (typed[name]) paste(name, study$dim$fibre_type$vals, sep = ".") else name))
}

# Of the first run and one muscle: an array over time, limb, animal and arm. R has the axes in reverse order.
values_of <- function(study, observable, muscle) {
  name <- strsplit(observable, ".", fixed = TRUE)[[1]]
  dimensions <- dimensions_of(study$var[[name[1]]])
  all <- ncvar_get(study, name[1], collapse_degen = FALSE)
  dimnames(all) <- lapply(dimensions, function(d) as.character(study$dim[[d]]$vals))
  chosen <- lapply(dimensions, function(d) switch(d, run = 1, muscle = muscle, fibre_type = name[2], TRUE))
  part <- do.call(`[`, c(list(all), chosen, drop = FALSE))
  kept <- dimensions %in% c("time", "limb", "animal", "arm")
  array(part, dim(part)[kept], setNames(dimnames(part), dimensions)[kept])
}

# Mean - SD, mean, mean + SD over rats: an array over these, time, limb and arm.
courses <- function(values) {
  of <- function(rats) mean(rats) + c(-1, 0, 1) * if (length(rats) > 1) sd(rats) else 0
  apply(values, c("time", "limb", "arm"), of)
}

# A name that a panel has room for: its middle is left out if it is longer.
shortened <- function(name) {
  n <- nchar(name)
  if (n <= 54) name else paste0(substr(name, 1, 26), "\u2026", substr(name, n - 26, n))
}

draw_arm <- function(arm, course, massaged, days, limits) {
  plot(NA, xlim = range(days), ylim = limits, xlab = "", ylab = "", las = 1, bty = "l")
  title <- shortened(arm)
  mtext(title, line = 1.1, font = 2, cex = fitting(title, par("pin")[1], 1))
  for (k in seq_len(dim(course)[3])) {
    there <- which(!is.na(course[2, , k, arm]))
    low <- course[1, there, k, arm]
    high <- course[3, there, k, arm]
    polygon(c(days[there], rev(days[there])), c(low, rev(high)), border = NA, col = adjustcolor(colours[k], 0.12))
    matlines(days[there], cbind(low, high), col = adjustcolor(colours[k], 0.5), lty = 1)
    lines(days[there], course[2, there, k, arm], col = colours[k], lty = c(1, 5)[k], lwd = 2.5)
  }
  hand <- rownames(massaged)[massaged[, arm] == 1]
  if (length(hand) > 0) mtext(paste("massaged:", paste(hand, collapse = " and ")), line = 0.1, cex = 0.8, col = grey)
}

# Size of a text that has so much room.
fitting <- function(text, inches, most) {
  min(most, 0.9 * inches / strwidth(text, "inches", font = 2, cex = 1 / par("cex")))
}

draw <- function(study, observable, muscle, out) {
  values <- values_of(study, observable, muscle)
  arms <- study$dim$arm$vals
  massaged <- ncvar_get(study, "massaged")
  massaged <- matrix(massaged, nrow = study$dim$limb$len)[, seq_along(arms), drop = FALSE] # of the first run
  dimnames(massaged) <- list(study$dim$limb$vals, arms)
  variable <- study$var[[strsplit(observable, ".", fixed = TRUE)[[1]][1]]]
  unit <- if (variable$units == "1") "" else paste0(" (", sub("um2", "\u00b5m\u00b2", variable$units), ")")
  layout <- n2mfrow(length(arms))[2:1]
  png(out, width = 540 * layout[2] + 60, height = 430 * layout[1] + 220, res = 144)
  par(mfrow = layout, mar = c(2.2, 3.6, 2.6, 0.6), oma = c(4.2, 1.8, 2.4, 0.2), cex = 0.9)
  course <- courses(values)
  for (arm in arms) draw_arm(arm, course, massaged, study$dim$time$vals, range(course, na.rm = TRUE))
  title <- sub("^: ", "", paste0(ncatt_get(study, 0, "title")$value, ": ", gsub("_", " ", muscle)))
  mtext(title, outer = TRUE, line = 1, adj = 0, font = 2, cex = fitting(title, par("din")[1], 1.2))
  type <- sub("^[^.]*\\.?", "", observable)
  quantity <- paste0(variable$longname, if (nchar(type) > 0) paste0(", ", type), unit)
  mtext(quantity, outer = TRUE, side = 2, line = 0.4, cex = fitting(quantity, par("din")[2], 0.95))
  mtext(paste0("time (", study$dim$time$units, ")"), outer = TRUE, side = 1, line = 0.5, cex = 0.95)
  par(fig = c(0, 1, 0, 1), oma = rep(0, 4), mar = rep(0, 4), new = TRUE)
  plot.new()
  limbs <- study$dim$limb$vals
  rats <- dim(values)[3]
  of_rats <- if (rats > 1) sprintf("\u00b1 1 SD of %d rats", rats) else "one rat"
  legend("bottom", c(paste(limbs, "limb"), of_rats), col = c(colours, NA), lty = c(1, 5, NA), lwd = 2.5, border = NA,
         fill = c(NA, NA, if (rats > 1) adjustcolor(grey, 0.3) else NA), horiz = TRUE, bty = "n", cex = 0.9)
  invisible(dev.off())
  cat("wrote ", out, "\n", sep = "")
}

given <- commandArgs(trailingOnly = TRUE)
if (length(given) == 0 || any(given %in% c("--help", "-h"))) {
  cat(usage, file = if (length(given) == 0) stderr() else stdout())
  quit(status = if (length(given) == 0) 2 else 0)
}
if (length(given) > 4) fail("'", given[5], "' is one word too many; see --help")
suppressPackageStartupMessages(library(ncdf4))
study <- read_study(given[1])
observable <- choose("observable", if (length(given) > 1) given[2] else "csa", series_in(study))
muscle <- choose("muscle", if (length(given) > 3) given[4] else study$dim$muscle$vals[1], study$dim$muscle$vals)
out <- if (length(given) > 2) given[3] else sub("\\.[^.]*$", ".png", given[1])
if (!grepl("\\.png$", out)) fail(out, ": must end in .png")
require_writable(out)
draw(study, observable, muscle, out)
