"""What a result file says of the arms of its study."""
import tomllib


class Protocol:
    """What the resolved configuration says of the arms: phases, bouts of massage, arms compared with."""

    def __init__(self, study):
        config = tomllib.loads(study.attrs.get("config", ""))
        self.control = config.get("compare", {}).get("control", "")
        self.untreated = config.get("compare", {}).get("untreated", "")
        self.age_months = config.get("animals", {}).get("age_months", 0.0)
        self.arms = {arm["name"]: arm for arm in config.get("arm", [])}
        self.end_d = float(study.time.values[-1])

    def differs_by_side(self, arm):
        """Whether load or training is not the same for both limbs."""
        described = self.arms.get(arm, {})
        loads = [phase.get("load", 1.0) for phase in described.get("phase", [])]
        return (any(isinstance(load, dict) and load["left"] != load["right"] for load in loads)
                or any(training.get("limb") != "both" for training in described.get("training", [])))

    def phases(self, arm):
        """[(name, from day, to day, whether no limb bears weight)]"""
        found, day = [], 0.0
        for phase in self.arms.get(arm, {}).get("phase", []):
            to = day + phase["duration_d"] if "duration_d" in phase else self.end_d
            load = phase.get("load", 1)
            suspended = not any(load.values() if isinstance(load, dict) else [load])
            found.append((phase["name"], day, min(to, self.end_d), suspended))
            day = to
        return found

    def suspension(self, arm):
        """First day and length of the arm's first suspension; length 0 if there is none."""
        return next(((since, to - since) for _, since, to, suspended in self.phases(arm) if suspended), (0.0, 0.0))

    def bouts_d(self, arm, muscle):
        starts = {name: since for name, since, _, _ in self.phases(arm)}
        return sorted({starts[m["phase"]] + m["first_d"] + k * m["every_d"]
                       for m in self.arms.get(arm, {}).get("massage", []) for k in range(m["bouts"])
                       if any(name.startswith(muscle) for name in m.get("muscles", [muscle]))  # gastrocnemius: its heads
                       and m["force_N"] * m["frequency_Hz"] * m["bout_min"] > 0})
