//! What happens between the matrix products, fused so that a row stays in the nearest cache: undo the quantisation,
//! add, activate or normalise, quantise for the next product. Written once for every vector width.
//!
//! Every row is quantised by its own range, so a token's rounding never depends on its neighbours. All widths are
//! multiples of [`LANES`].

use super::weights::Linear;
use rten_simd::{
    Isa, Simd, SimdOp, SimdUnaryOp,
    ops::{BitOps, FloatOps, NarrowSaturate, NumOps, ToFloat},
};
use rten_vecmath::Gelu;

/// Every width must be a multiple of this: bytes in the widest vector.
pub(super) const LANES: usize = 64;

/// Rows of bytes: value ≈ scale × (byte − zero), with one scale and zero a row.
#[derive(Debug, Default)]
pub(super) struct Bytes {
    pub width: usize,
    pub values: Vec<u8>,
    pub zeros: Vec<u8>,
    pub scales: Vec<f32>,
}

impl Bytes {
    pub fn new(rows: usize, width: usize) -> Self {
        Self { width, values: vec![0; rows * width], zeros: vec![0; rows], scales: vec![0.0; rows] }
    }
}

/// Where a block of quantised rows is written.
pub(super) struct Quantised<'a> {
    pub values: &'a mut [u8],
    pub zeros: &'a mut [u8],
    pub scales: &'a mut [f32],
    /// The largest byte: 255, or 127 where the product's kernel saturates in 16 bits.
    pub levels: f32,
}

/// Sums of a product of bytes and what turns them into numbers:
/// value = (sum − row zero × column total) × row scale × column scale + bias.
///
/// (rten-gemm 0.27 takes zeros by row, but uses those of the first rows for all; so we subtract them ourselves.)
#[derive(Clone, Copy)]
pub(super) struct Sums<'a> {
    pub sums: &'a [i32],
    pub zeros: &'a [u8],
    pub scales: &'a [f32],
    pub by: &'a Linear,
}

impl Sums<'_> {
    /// One vector of the values, at `at` in row `row`.
    #[inline(always)]
    fn load<I: Isa>(&self, isa: I, row: usize, at: usize) -> I::F32 {
        let (floats, ints) = (isa.f32(), isa.i32());
        let sums = ints.to_float(ints.load(&self.sums[row * self.width() + at..]));
        let zero = floats.splat(-f32::from(self.zeros[row]));
        let sums = floats.mul_add(zero, floats.load(&self.by.totals[at..]), sums);
        let scale = floats.mul(floats.load(&self.by.scales[at..]), floats.splat(self.scales[row]));
        floats.mul_add(sums, scale, floats.load(&self.by.bias[at..]))
    }

    fn width(&self) -> usize {
        self.by.outputs()
    }
}

/// The numbers of a product.
pub(super) struct Values<'a> {
    pub of: Sums<'a>,
    pub to: &'a mut [f32],
}

impl SimdOp for Values<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (width, lanes) = (self.of.width(), isa.f32().len());
        for (row, to) in self.to.chunks_exact_mut(width).enumerate() {
            for at in (0..width).step_by(lanes) {
                isa.f32().store(self.of.load(isa, row, at), &mut to[at..]);
            }
        }
    }
}

/// GELU of a product, quantised.
pub(super) struct Activate<'a> {
    pub of: Sums<'a>,
    pub to: Quantised<'a>,
}

impl SimdOp for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(mut self, isa: I) {
        let (ops, width) = (isa.f32(), self.of.width());
        let mut values = vec![0.0; width];
        for row in 0..self.to.scales.len() {
            let (mut least, mut most) = (ops.zero(), ops.zero());
            for at in (0..width).step_by(ops.len()) {
                let value = Gelu {}.eval(isa, self.of.load(isa, row, at));
                least = ops.min(least, value);
                most = ops.max(most, value);
                ops.store(value, &mut values[at..]);
            }
            quantise(isa, &values, least, most, row, &mut self.to);
        }
    }
}

/// A product added to what it was made from and normalised, kept and quantised.
pub(super) struct AddNormalise<'a> {
    pub of: Sums<'a>,
    pub kept: &'a mut [f32],
    pub norm: &'a Norm,
    pub to: Quantised<'a>,
}

impl SimdOp for AddNormalise<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(mut self, isa: I) {
        let (ops, width) = (isa.f32(), self.of.width());
        for (row, kept) in self.kept.chunks_exact_mut(width).enumerate() {
            for at in (0..width).step_by(ops.len()) {
                let value = ops.add(ops.load(&kept[at..]), self.of.load(isa, row, at));
                ops.store(value, &mut kept[at..]);
            }
            let (least, most) = normalise(isa, kept, self.norm);
            quantise(isa, kept, least, most, row, &mut self.to);
        }
    }
}

/// Rows normalised in place and quantised.
pub(super) struct Normalise<'a> {
    pub rows: &'a mut [f32],
    pub norm: &'a Norm,
    pub to: Quantised<'a>,
}

impl SimdOp for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(mut self, isa: I) {
        for (row, values) in self.rows.chunks_exact_mut(self.norm.weight.len()).enumerate() {
            let (least, most) = normalise(isa, values, self.norm);
            quantise(isa, values, least, most, row, &mut self.to);
        }
    }
}

/// Rows quantised.
pub(super) struct Quantise<'a> {
    pub rows: &'a [f32],
    pub to: Quantised<'a>,
}

impl SimdOp for Quantise<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(mut self, isa: I) {
        let (ops, width) = (isa.f32(), self.rows.len() / self.to.scales.len().max(1));
        for (row, values) in self.rows.chunks_exact(width.max(1)).enumerate() {
            let (mut least, mut most) = (ops.zero(), ops.zero());
            for chunk in values.chunks_exact(ops.len()) {
                let value = ops.load(chunk);
                least = ops.min(least, value);
                most = ops.max(most, value);
            }
            quantise(isa, values, least, most, row, &mut self.to);
        }
    }
}

/// The learned parts of a layer norm.
#[derive(Debug)]
pub(super) struct Norm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub epsilon: f32,
}

/// Normalises one row in place; gives its range, zero included, lane by lane.
#[inline(always)]
fn normalise<I: Isa>(isa: I, row: &mut [f32], norm: &Norm) -> (I::F32, I::F32) {
    let ops = isa.f32();
    let width = row.len() as f32;
    let mut sum = ops.zero();
    for chunk in row.chunks_exact(ops.len()) {
        sum = ops.add(sum, ops.load(chunk));
    }
    let mean = ops.splat(ops.sum(sum) / width);
    let mut squares = ops.zero();
    for chunk in row.chunks_exact(ops.len()) {
        let apart = ops.sub(ops.load(chunk), mean);
        squares = ops.mul_add(apart, apart, squares);
    }
    let deviation = (ops.sum(squares) / width + norm.epsilon).sqrt();
    let inverse = ops.splat(1.0 / deviation);
    let (mut least, mut most) = (ops.zero(), ops.zero());
    for (at, chunk) in row.chunks_exact_mut(ops.len()).enumerate() {
        let at = at * ops.len();
        let scaled = ops.mul(ops.mul(ops.sub(ops.load(chunk), mean), inverse), ops.load(&norm.weight[at..]));
        let value = ops.add(scaled, ops.load(&norm.bias[at..]));
        least = ops.min(least, value);
        most = ops.max(most, value);
        ops.store(value, chunk);
    }
    (least, most)
}

/// Writes one row as bytes. `least` and `most` hold its range lane by lane.
#[inline(always)]
fn quantise<I: Isa>(isa: I, row: &[f32], least: I::F32, most: I::F32, index: usize, to: &mut Quantised<'_>) {
    let (ops, ints) = (isa.f32(), isa.i32());
    let least = least.to_array().into_iter().fold(0.0, f32::min);
    let most = most.to_array().into_iter().fold(0.0, f32::max);
    let scale = ((most - least) / to.levels).max(f32::MIN_POSITIVE);
    let zero = (-least / scale).round_ties_even().clamp(0.0, to.levels);
    let (inverse, shift) = (ops.splat(1.0 / scale), ints.splat(zero as i32));
    let values = &mut to.values[index * row.len()..][..row.len()];
    for (chunk, bytes) in row.chunks_exact(4 * ops.len()).zip(values.chunks_exact_mut(4 * ops.len())) {
        let four = ops.load_many::<4>(chunk);
        let four = four.map(
            #[inline(always)]
            |value| ints.add(ops.to_int_round(ops.mul(value, inverse)), shift),
        );
        let (low, high) = (ints.narrow_saturate(four[0], four[1]), ints.narrow_saturate(four[2], four[3]));
        isa.u8().store(isa.i16().narrow_saturate(low, high), bytes);
    }
    to.zeros[index] = zero as u8;
    to.scales[index] = scale;
}
