"""Tidy tables: the numbers of the file and no others, in nine columns; what is refused, and what a closed pipe does."""

import csv
import io
import os
import signal
import subprocess
import unittest

import h5py
import numpy

from cli_test import FAILED, PROGRAM
from sweep_test import BLOCKS, FORCE, QUICK_STUDY, SMALL, Sweeps, faults, needs_faults, plan

COLUMNS = ["run", "arm", "animal", "muscle", "limb", "time", "observable", "value", "unit"]
TYPES = ["I", "IIa", "IIx", "IIb"]

MANY = plan((FORCE, [round(0.1 * k, 1) for k in range(40)]), replicates=3)  # more runs than are stored together


def rows_of_file(path, observables=None):
    """All that a table should hold, read with h5py: numbers as they are stored, in the order of the rows."""
    with h5py.File(path) as file:
        labels = {name: file[name].asstr()[:] if file[name].dtype == object else file[name][:] for name in
                  ("run", "arm", "animal", "muscle", "limb", "time", "fibre_type") if name in file}
        is_ended = "end" in file  # and has no times
        ends = file["end"][()].reshape(-1, len(labels["arm"]))[0] if is_ended else None
        for name, variable in file.items():
            if not isinstance(variable, h5py.Dataset) or variable.ndim < (5 if is_ended else 6):
                continue
            axes, unit = [axis[0].name[1:] for axis in variable.dims], variable.attrs["units"]
            for at, number in numpy.ndenumerate(variable[()]):
                place = dict(zip(axes, at))
                shown = f"{name}.{labels['fibre_type'][place['fibre_type']]}" if "fibre_type" in place else name
                run, arm, animal, muscle, limb = (labels[axis][place[axis]] for axis in COLUMNS[:5])
                time = ends[place["arm"]] if is_ended else labels["time"][place["time"]]
                if not numpy.isnan(number) and (observables is None or observables & {name, shown}):
                    yield int(run), arm, int(animal), muscle, limb, time, shown, number, unit


def study_of(observables):
    """All four fibre types, which the soleus has not."""
    return QUICK_STUDY.replace("soleus", "gastrocnemius_medial").replace('["csa", "wet_mass"]', observables)


class Export(Sweeps):
    def table(self, *arguments, **how):
        rows = list(csv.reader(io.StringIO(self.hindlimb("export", *arguments, "--csv", **how).stdout)))
        self.assertEqual(rows[0], COLUMNS)
        return rows[1:]

    def assert_holds(self, rows, expected, dtype=numpy.float32):
        """To the bit: the shortest text that gives the number again."""
        read = [(int(run), arm, int(animal), muscle, limb, float(time), observable, dtype(value), unit)
                for run, arm, animal, muscle, limb, time, observable, value, unit in rows]
        self.assertGreater(len(read), 0)
        self.assertEqual(read, list(expected))
        self.assertLessEqual(max(len(row[7]) for row in rows), 15 if dtype is numpy.float32 else 24)

    def test_of_a_study_holds_every_number_and_no_rows_after_the_end_of_an_arm(self):
        self.write("study.toml", study_of('["csa", "csa_by_type", "rna_synthesis"]'))
        self.hindlimb("run", "study.toml", "-o", "x.h5", "-q", "--set", "animals.per_arm=3")
        rows = self.table("x.h5")
        # 3 rats, 2 limbs, 6 observables counted by fibre type; HS ends on day 1, REM on day 2
        self.assertEqual(len(rows), 3 * 2 * 6 * (2 + 3))
        self.assert_holds(rows, rows_of_file(self.path("x.h5")))
        self.assertEqual([row[6] for row in rows if row[:6] == ["1", "REM", "2", "gastrocnemius_medial", "left", "2"]],
                         ["csa", *(f"csa_by_type.{fibre_type}" for fibre_type in TYPES), "rna_synthesis"])
        self.assertEqual({row[8] for row in rows}, {"um2", "1/d"})

    def test_has_no_rows_for_fibre_types_that_a_muscle_lacks(self):
        self.write("study.toml", QUICK_STUDY.replace('["csa", "wet_mass"]', '["csa_by_type"]'))
        self.hindlimb("run", "study.toml", "-o", "x.h5", "-q")
        self.assertEqual({row[6] for row in self.table("x.h5")}, {"csa_by_type.I", "csa_by_type.IIa"})

    def test_holds_the_observables_that_are_asked_for_in_that_order(self):
        self.write("study.toml", study_of('["csa", "csa_by_type", "wet_mass"]'))
        self.hindlimb("run", "study.toml", "-o", "x.h5", "-q")
        rows = self.table("x.h5", "--observables", "wet_mass, csa_by_type.IIx,csa")
        self.assertEqual(list(dict.fromkeys(row[6] for row in rows)), ["wet_mass", "csa_by_type.IIx", "csa"])
        expected = list(rows_of_file(self.path("x.h5"), {"wet_mass", "csa_by_type.IIx", "csa"}))
        self.assertEqual(sorted((*map(str, row[:5]), row[6]) for row in expected),
                         sorted((*row[:5], row[6]) for row in rows))
        self.assertEqual({row[6] for row in self.table("x.h5", "--observables", "csa_by_type")},
                         {f"csa_by_type.{fibre_type}" for fibre_type in TYPES})

    def test_keeps_every_digit_of_numbers_stored_as_doubles(self):
        self.hindlimb("run", "study.toml", "-o", "x.h5", "-q", "--set", 'record.precision="f8"')
        self.assert_holds(self.table("x.h5"), rows_of_file(self.path("x.h5")), dtype=numpy.float64)

    def test_of_a_sweep_leaves_out_the_simulations_that_failed_and_says_so(self):
        self.write("plan.toml", plan(("solver.max_steps", [1, 100000])))
        self.sweep()
        result = self.hindlimb("export", "x.h5", "--csv")
        self.assertEqual(result.stderr, "hindlimb: failed simulations of 2 of 4 runs have no rows; "
                                        "`hindlimb status x.h5` names them\n")
        rows = list(csv.reader(io.StringIO(result.stdout)))[1:]
        self.assert_holds(rows, rows_of_file(self.path("x.h5")))
        self.assertEqual({row[0] for row in rows if row[5] == "1"}, {"3", "4"})

    def test_of_a_sweep_goes_on_over_the_blocks_in_which_it_is_stored(self):
        self.put_result(MANY)
        with h5py.File(self.path("x.h5")) as file:
            self.assertLess(file["csa"].chunks[0], file["csa"].shape[0])
        self.assert_holds(self.table("x.h5", "--observables", "csa"), rows_of_file(self.path("x.h5"), {"csa"}))

    def test_of_ends_alone_says_the_day_on_which_each_arm_ends(self):
        self.write("plan.toml", plan((FORCE, [0, 4.5]), head='keep = "final"'))
        self.sweep()
        rows = self.table("x.h5")
        self.assertEqual({(row[1], row[5]) for row in rows}, {("HS", "1"), ("REM", "2")})
        self.assert_holds(rows, rows_of_file(self.path("x.h5")))

    def test_quotes_names_that_need_it(self):
        name = 'H"S,1'
        self.write("study.toml", QUICK_STUDY.replace('name = "HS"', f"name = '{name}'"))
        self.hindlimb("run", "study.toml", "-o", "x.h5", "-q")
        self.assertIn('\n1,"H""S,1",1,soleus,left,0,csa,', self.hindlimb("export", "x.h5", "--csv").stdout)
        self.assertEqual({row[1] for row in self.table("x.h5")}, {name, "REM"})

    def test_goes_to_a_file_that_is_replaced_only_when_forced(self):
        self.put_result(SMALL)
        printed = self.hindlimb("export", "x.h5", "--csv").stdout
        result = self.hindlimb("export", "x.h5", "--csv", "-o", "x.csv")
        self.assertEqual((result.stdout, result.stderr), ("", ""))
        self.assertEqual(self.left(), ["x.csv", "x.h5", "x.h5.sha256"])
        with open(self.path("x.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), printed)
        self.refused("export", "x.h5", "--csv", "-o", "x.csv", says=["x.csv: exists already; --force replaces it"])
        self.hindlimb("export", "x.h5", "--csv", "-o", "x.csv", "--observables", "csa", "--force")
        self.assertLess(os.path.getsize(self.path("x.csv")), len(printed))

    @needs_faults
    def test_leaves_no_part_of_a_file_when_the_disk_is_full_or_it_is_stopped(self):
        self.put_result(MANY)
        for fault, says in ((faults("write", 2, error=28, path=".csv"),
                             "x.csv: cannot be written: No space left on device"),
                            (faults("write", 1, hit_by=signal.SIGTERM, path=".csv"), "stopped; x.csv was not written")):
            result = self.hindlimb("export", "x.h5", "--csv", "-o", "x.csv", ends=FAILED, environment=fault)
            self.assertEqual(result.stderr, f"hindlimb: {says}\n")
            self.assertEqual(self.left(), ["x.h5", "x.h5.sha256"])

    def test_says_when_standard_output_is_full(self):
        self.put_result(SMALL)
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([PROGRAM, "export", "x.h5", "--csv"], cwd=self.folder, stdout=full, text=True,
                                    stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((result.returncode, result.stderr),
                         (FAILED, "hindlimb: standard output: cannot be written: No space left on device\n"))

    def test_ends_quietly_when_its_reader_has_read_enough(self):
        self.put_result(MANY)
        for handler in (signal.SIG_DFL, signal.SIG_IGN):
            with self.subTest(handler=handler):
                with subprocess.Popen([PROGRAM, "export", "x.h5", "--csv"], cwd=self.folder, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, restore_signals=False,
                                      preexec_fn=lambda: signal.signal(signal.SIGPIPE, handler)) as process:
                    self.assertEqual(process.stdout.readline().decode().strip().split(","), COLUMNS)
                    process.stdout.close()
                    self.assertIn(process.wait(timeout=60), (FAILED, -signal.SIGPIPE))
                    self.assertEqual(process.stderr.read(), b"")

    def test_refuses_what_makes_no_sense(self):
        self.put_result(SMALL)
        self.refused("export", "x.h5", says=["hindlimb export: needs the name of a format; there is one: --csv"])
        self.refused("export", "x.h5", "--csv", "--observables", "csa,mass",
                     says=["--observables: mass: was not recorded; recorded are csa, wet_mass"])
        self.write("study.toml", QUICK_STUDY.replace('observables = ["csa", "wet_mass"]', ""))
        self.hindlimb("run", "study.toml", "-o", "y.h5", "-q")
        self.refused("export", "y.h5", "--csv", "--observables", "csa_by_typ.I,rnaa",
                     says=["csa_by_typ.I: was not recorded; did you mean 'csa_by_type.I'?", "did you mean 'rna'?"])
        for names, name in (("csa,rna,csa", "csa"), ("csa_by_type,csa_by_type.I", "csa_by_type.I")):
            self.refused("export", "y.h5", "--csv", "--observables", names, says=[f"--observables: {name}: is there twice"])
        self.refused("export", "x.h5", "--csv", "-o", "x.h5", "--force", says=["x.h5: would be overwritten"])
        self.refused("export", "x.h5", "--csv", "-o", "none/x.csv", says=["none/x.csv: there is no directory 'none'"])
        self.refused("export", "none.h5", "--csv", says=["none.h5: no such file"])
        os.remove(self.path("x.h5.sha256"))
        self.assertIn("x.h5 has no checksum 'x.h5.sha256' beside it", self.hindlimb("export", "x.h5", "--csv").stderr)

    def runs(self, name="x.h5"):
        result = self.hindlimb("export", name, "--csv", "--runs")
        self.assertEqual(result.stderr, "")
        return list(csv.DictReader(io.StringIO(result.stdout)))

    def test_of_runs_says_the_point_of_each_and_how_it_went(self):
        self.write("plan.toml", plan(("solver.max_steps", [1, 100000]), ("animals.sex", ["male", "female"])))
        self.sweep()
        rows = self.runs()
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual([*rows[0]], ["run", "point", "replicate", "solver_max_steps", "animals_sex", "status", "message",
                                          "n_steps"])
            for name in ("run", "point", "replicate", "solver_max_steps", "n_steps"):
                self.assertEqual([float(row[name]) for row in rows], file[name][:].tolist())
            for name in ("animals_sex", "message"):
                self.assertEqual([row[name] for row in rows], file[name].asstr()[:].tolist())
            words = file["status"].attrs["flag_meanings"].split()
            self.assertEqual([row["status"] for row in rows], [words[status] for status in file["status"][:]])
        self.assertEqual({row["status"] for row in rows}, {"ok", "some_simulations_failed"})

    def test_of_runs_goes_with_the_table_of_numbers_by_run(self):
        self.put_result(MANY)
        force = {row["run"]: float(row["massage_force_N"]) for row in self.runs()}
        with h5py.File(self.path("x.h5")) as file:
            csa, forces = file["csa"][:, 1, 0, 0, 1, 2], file["massage_force_N"][:]
        ends = [(force[row[0]], numpy.float32(row[7])) for row in self.table("x.h5", "--observables", "csa")
                if row[1:6] == ["REM", "1", "soleus", "right", "2"]]
        self.assertEqual(ends, list(zip(forces, csa)))

    def test_of_runs_tells_those_that_were_not_run_and_those_of_which_nothing_is_kept(self):
        self.write("plan.toml", BLOCKS)
        self.attempt(size_limit=20000)
        self.hindlimb("sweep", "plan.toml", "-o", "x.h5", "--partial")
        table = self.hindlimb("export", "x.partial.h5", "--csv", "--runs").stdout
        self.assertEqual({row["status"] for row in csv.DictReader(io.StringIO(table))}, {"ok", "not_run"})
        self.write("plan.toml", plan((FORCE, [0, 4.5]), head='keep = "summary"'))
        self.sweep(None, "--force")
        self.assertEqual([row["massage_force_N"] for row in self.runs()], ["0", "0", "4.5", "4.5"])

    def test_of_runs_has_one_row_for_a_study(self):
        self.hindlimb("run", "study.toml", "-o", "x.h5", "-q")
        self.hindlimb("export", "x.h5", "--csv", "--runs", "-o", "runs.csv")
        with open(self.path("runs.csv"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r"^run,point,replicate,status,message,n_steps\n1,1,1,ok,,\d+\n$")

    def test_of_runs_has_no_observables(self):
        self.put_result(SMALL)
        self.refused("export", "x.h5", "--csv", "--runs", "--observables", "csa",
                     says=["--observables: belongs to the table of numbers, and --runs asks for that of runs; give one"])

    def test_refuses_a_sweep_that_keeps_no_rats(self):
        self.write("plan.toml", plan((FORCE, [0, 4.5]), head='keep = "summary"'))
        self.sweep()
        self.refused("export", "x.h5", "--csv", says=["keeps nothing but the summary of each point, and no rats"])


if __name__ == "__main__":
    unittest.main()
