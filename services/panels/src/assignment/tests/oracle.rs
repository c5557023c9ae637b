//! The best that can be, by trying everything: slow, short, and written
//! without a thought of flows, so that it can't share their mistakes.

/// `allowed[row]` and `stood[row]` are sets of columns as bits.
pub struct Sides {
    pub allowed: Vec<u32>,
    pub stood: Vec<u32>,
    pub need: Vec<u32>,
    pub room: Vec<u32>,
    /// Whether every column must get a row.
    pub cover: bool,
}

/// Standing pairs given up, then the sum of squared loads.
pub type Price = (u32, u32);

impl Sides {
    pub fn best(&self) -> Option<Price> {
        self.best_from(0, &mut vec![0; self.room.len()], 0)
    }

    fn best_from(&self, row: usize, loads: &mut Vec<u32>, given_up: u32) -> Option<Price> {
        if row == self.allowed.len() {
            let holds = loads.iter().zip(&self.room).all(|(load, room)| load <= room)
                && !(self.cover && loads.contains(&0));
            return holds.then(|| (given_up, loads.iter().map(|load| load * load).sum()));
        }
        (0..1u32 << self.room.len())
            .filter(|chosen| chosen & !self.allowed[row] == 0)
            .filter(|chosen| chosen.count_ones() == self.need[row])
            .filter_map(|chosen| {
                let lost = (self.stood[row] & !chosen).count_ones();
                add(loads, chosen, 1);
                let best = self.best_from(row + 1, loads, given_up + lost);
                add(loads, chosen, u32::MAX);
                best
            })
            .min()
    }
}

fn add(loads: &mut [u32], chosen: u32, by: u32) {
    for (column, load) in loads.iter_mut().enumerate() {
        if chosen >> column & 1 == 1 {
            *load = load.wrapping_add(by);
        }
    }
}
