//! A shop.

/// What a cart costs.
///
/// ```
/// assert_eq!(shop::total(2), 10);
/// ```
pub fn total(count: u32) -> u32 {
    count * 5
}

#[cfg(test)]
mod cart {
    use super::total;

    #[test]
    fn adds() {
        println!("adding größe-注文");
    }

    #[test]
    fn totals() {
        println!("two at once");
        assert_eq!(total(2), 11, "7 €");
    }

    #[test]
    #[ignore = "not on CI"]
    fn ignored() {}

    #[test]
    #[should_panic(expected = "empty")]
    fn panics() {
        panic!("sold out");
    }

    #[test]
    fn database() -> Result<(), String> {
        Err("no database".into())
    }

    mod empty {
        #[test]
        fn costs_nothing() {}
    }
}
