//! What an operator may not set.

use runner::Settings;

#[test]
fn the_defaults_have_no_fault() {
    assert_eq!(Settings::default().faults(), Vec::<String>::new());
}

#[test]
fn limits_of_the_engine_with_which_nothing_could_run_or_be_read_again_are_refused() {
    let with = |visits: u32, depth: usize| {
        let mut settings = Settings::default();
        (settings.engine.visits, settings.engine.depth) = (visits, depth);
        settings.faults()
    };
    assert_eq!(with(1, 1), Vec::<String>::new());
    assert_eq!(with(1, 1_000), Vec::<String>::new());
    assert_eq!(
        with(0, 0),
        ["engine.visits is 0; it must be at least 1", "engine.depth is 0; it must be 1 to 1000"]
    );
    assert_eq!(with(1, 1_001), ["engine.depth is 1001; it must be 1 to 1000"]);
}
