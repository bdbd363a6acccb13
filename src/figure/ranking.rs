//! Competition ranking: equal scores share a rank, and the next one counts on (1, 2, 2, 4).

use rust_decimal::Decimal;

/// The scores among which ranks are given, the greatest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranking {
    descending: Vec<Decimal>,
}

impl Ranking {
    /// A ranking among scores in any order.
    pub fn among(scores: impl IntoIterator<Item = Decimal>) -> Self {
        let mut descending: Vec<Decimal> = scores.into_iter().collect();
        descending.sort_unstable_by(|a, b| b.cmp(a));
        Self { descending }
    }

    /// The rank of a score: one more than the number of better ones.
    pub fn rank(&self, score: Decimal) -> usize {
        1 + self.descending.partition_point(|other| *other > score)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tie_shares_its_rank_and_the_next_counts_on() {
        let scores = [99, 100, 98, 99].map(Decimal::from);
        let ranking = Ranking::among(scores);
        assert_eq!(scores.map(|score| ranking.rank(score)), [2, 1, 4, 2]);
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_the_number_of_better_scores(scores in prop::collection::vec(0i64..20, 0..40)) {
            let scores: Vec<Decimal> = scores.into_iter().map(|score| Decimal::new(score, 1)).collect();
            let ranking = Ranking::among(scores.clone());
            for score in &scores {
                let better = scores.iter().filter(|other| *other > score).count();
                prop_assert_eq!(ranking.rank(*score), better + 1);
            }
        }
    }
}
