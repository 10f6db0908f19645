package trace

import "math/big"

// Number computes with natural numbers and notes op, one of Remainder, Sum,
// Difference, Product and Power. A number is its octets, the most significant
// first; the result has no zeros in front, and zero is empty. A modulus of zero
// gives zero. The time it takes depends on the numbers: math/big hides nothing
// from a clock.
func (r *Recorder) Number(op Op, label string, in ...Value) Value {
	out := Value{Octets: calculate(op, in)}
	if r == nil {
		return out
	}
	return r.note(Step{Op: op, Label: label, In: in, Out: out}, nil)
}

// calculate does what op says. Without the operands that it wants it gives zero.
func calculate(op Op, in []Value) []byte {
	n := make([]*big.Int, len(in))
	for i, v := range in {
		n[i] = new(big.Int).SetBytes(v.Octets)
	}
	modulus := len(n) - 1
	switch op {
	case Sum, Product:
		modulus = 2
	}
	if len(n) < 2 || len(n) < modulus || modulus < len(n) && n[modulus].Sign() == 0 {
		return []byte{}
	}
	z := new(big.Int)
	switch op {
	case Remainder:
		z.Set(n[0])
	case Sum:
		z.Add(n[0], n[1])
	case Difference:
		z.Sub(n[0], n[1])
	case Product:
		z.Mul(n[0], n[1])
	case Power:
		z.Exp(n[0], n[1], n[modulus])
	}
	if modulus < len(n) {
		z.Mod(z, n[modulus])
	}
	return z.Bytes()
}
