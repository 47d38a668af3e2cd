/// What a cart costs.
///
/// ```
/// assert_eq!(shop::total(2), 10);
/// ```
pub fn total(count: u32) -> u32 {
    count * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        println!("adding größe-注文");
    }

    #[test]
    fn totals() {
        assert_eq!(total(2), 11, "7 €");
    }

    #[test]
    #[ignore = "not on CI"]
    fn skipped() {}

    mod empty {
        #[test]
        fn costs_nothing() {}
    }
}
