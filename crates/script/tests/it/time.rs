//! Time and chance come from the step; the time zone is UTC wherever the process runs.

use std::process::Command;

use engine::{Place, Program, Scripts, StepEnv};
use script::{Engine, Limits};

use crate::ask::{holds, variables, wrote};

#[test]
fn now_is_the_time_of_the_step() {
    assert!(holds("Date.now() === 1700000000123 && new Date().getTime() === 1700000000123", "{}"));
    assert_eq!(wrote("output.d = new Date()", "{}"), r#"{"d":"2023-11-14T22:13:20.123Z"}"#);
    assert!(holds("performance.now() === 0", "{}"));
    assert!(holds(
        "typeof Date() === 'string' && Date().startsWith('Tue Nov 14 2023 22:13:20 GMT+0000')",
        "{}"
    ));
}

#[test]
fn chance_repeats_with_its_seed_and_goes_on_within_a_step() {
    let mut engine = Engine::new(Limits::default());
    let mut draw = |seed| {
        let mut scripts = engine.process(1);
        scripts.begin(StepEnv { now: 0, seed });
        let program = Program {
            place: Place::Script(bpmn::model::ElementIx(0)),
            source: "output.r = [Math.random(), Math.random()]",
        };
        let first = scripts.run(program, &variables("{}")).unwrap().unwrap();
        (first, scripts.run(program, &variables("{}")).unwrap().unwrap())
    };
    let (first, second) = draw(1);
    assert_ne!(first, second);
    assert_eq!(draw(1), (first.clone(), second));
    assert_ne!(draw(2).0, first);
}

#[test]
fn chance_lies_between_nought_and_one() {
    assert!(holds("Array.from({ length: 1000 }, () => Math.random()).every((r) => r >= 0 && r < 1)", "{}"));
}

/// What must hold in every time zone.
const IN_EVERY_ZONE: &[&str] = &[
    "new Date(0).getTimezoneOffset() === 0",
    "new Date(2020, 0, 1).getTime() === Date.UTC(2020, 0, 1)",
    "new Date(99, 0).getFullYear() === 1999",
    "new Date('2020-01-01T00:00:00').getTime() === Date.UTC(2020, 0, 1)",
    "new Date('2020-01-01T00:00').getTime() === Date.UTC(2020, 0, 1)",
    "new Date('2020-01-01').getTime() === Date.UTC(2020, 0, 1)",
    "new Date('2020-01-01T00:00:00Z').getTime() === Date.UTC(2020, 0, 1)",
    "new Date('2020-01-01T00:00:00+02:00').getTime() === Date.UTC(2019, 11, 31, 22)",
    "new Date('Jan 1 2020 10:00').getTime() === Date.UTC(2020, 0, 1, 10)",
    "new Date('Wed, 01 Jan 2020 10:00:00 GMT').getTime() === Date.UTC(2020, 0, 1, 10)",
    "Date.parse('2020-07-01T12:00:00') === Date.UTC(2020, 6, 1, 12)",
    "new Date(0).getHours() === 0 && new Date(0).getDay() === 4 && new Date(0).getDate() === 1",
    "new Date(0).toString() === 'Thu Jan 01 1970 00:00:00 GMT+0000 (UTC)'",
    "new Date(0).toDateString() === 'Thu Jan 01 1970'",
    "new Date(0).toTimeString() === '00:00:00 GMT+0000 (UTC)'",
    "new Date(0).toLocaleString() === '1970-01-01 00:00:00'",
    "new Date(0).toLocaleDateString() === '1970-01-01' && new Date(0).toLocaleTimeString() === '00:00:00'",
    "String(new Date(NaN)) === 'Invalid Date' && Number.isNaN(new Date('x').getTime())",
    "(() => { const d = new Date(0); d.setHours(5); return d.getTime() === 5 * 3600000 })()",
    "new Date(new Date(5)).getTime() === 5 && new Date('5').getTime() === new Date('5').getTime()",
    "new Date(0) instanceof Date && new Date(0).constructor === Date",
    "(() => { class D extends Date { x() { return 1 } } return new D(0).x() === 1 })()",
];

#[test]
fn dates_are_utc() {
    for condition in IN_EVERY_ZONE {
        assert!(holds(condition, "{}"), "{condition}");
    }
}

/// The same test in a process whose time zone is another: the environment of this one is left alone.
#[test]
fn dates_are_utc_in_every_time_zone() {
    for zone in ["America/New_York", "Asia/Kolkata", "XYZ-5:30", "Pacific/Auckland", "XYZ+8"] {
        let again = Command::new(std::env::current_exe().unwrap())
            .args(["time::dates_are_utc", "--exact"])
            .env("TZ", zone)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&again.stdout).into_owned();
        assert!(again.status.success() && said.contains("1 passed"), "{zone}: {said}");
    }
}
