package trace

import (
	"bytes"
	"crypto/subtle"
	"fmt"
)

// Check reports the first thing in steps, all that a recorder noted from its
// start, that does not hold together: an ID that does not rise, a range that
// differs from the Out it names, an XOR, a block or a digest that does not
// follow from what is beside it. Tests of every mechanism call it.
func Check(steps []Step) error {
	c := checker{outs: map[int][]byte{}}
	if err := c.collect(steps); err != nil {
		return err
	}
	return c.check(steps)
}

type checker struct {
	last int            // ID
	outs map[int][]byte // by ID
}

func (c *checker) collect(steps []Step) error {
	for _, s := range steps {
		if s.ID <= c.last {
			return fmt.Errorf("step %d after step %d", s.ID, c.last)
		}
		c.last = s.ID
		c.outs[s.ID] = s.Out.Octets
		if err := c.collect(s.Sub); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) check(steps []Step) error {
	for _, s := range steps {
		for i, v := range append(s.In[:len(s.In):len(s.In)], s.Out) {
			if err := c.origins(s.ID, v); err != nil {
				return fmt.Errorf("step %d %s %q, value %d: %w", s.ID, s.Op, s.Label, i, err)
			}
		}
		if len(s.Out.Octets) > 0 && s.Out.Parts == nil {
			return fmt.Errorf("step %d %s %q: no origin", s.ID, s.Op, s.Label)
		}
		if err := checkOp(s); err != nil {
			return fmt.Errorf("step %d %s %q: %w", s.ID, s.Op, s.Label, err)
		}
		if err := c.check(s.Sub); err != nil {
			return err
		}
	}
	return nil
}

// origins checks that the parts of v, where it has any, cover it without gaps
// and have its octets.
func (c *checker) origins(id int, v Value) error {
	at := 0
	for _, p := range v.Parts {
		out, ok := c.outs[p.Step]
		if !ok || p.Step > id {
			return fmt.Errorf("part of step %d, which is not there yet", p.Step)
		}
		if p.Offset < 0 || p.Length <= 0 || p.Offset+p.Length > len(out) || at+p.Length > len(v.Octets) {
			return fmt.Errorf("part %v out of range", p)
		}
		if !bytes.Equal(out[p.Offset:p.Offset+p.Length], v.Octets[at:at+p.Length]) {
			return fmt.Errorf("part %v has other octets", p)
		}
		at += p.Length
	}
	if v.Parts != nil && at != len(v.Octets) {
		return fmt.Errorf("parts cover %d octets of %d", at, len(v.Octets))
	}
	return nil
}

func checkOp(s Step) error {
	switch s.Op {
	case Sent:
		if !bytes.Equal(s.Out.Octets, s.In[0].Octets) {
			return fmt.Errorf("what was sent differs")
		}
	case Concat, Fields:
		if !bytes.Equal(s.Out.Octets, join(s.In, 0).Octets) {
			return fmt.Errorf("not the operands joined")
		}
	case Cut:
		if !bytes.Contains(s.In[0].Octets, s.Out.Octets) {
			return fmt.Errorf("no range of the operand")
		}
	case XOR:
		want := make([]byte, len(s.Out.Octets))
		if len(s.In[0].Octets) != len(want) || len(s.In[1].Octets) != len(want) {
			return fmt.Errorf("lengths differ")
		}
		if subtle.XORBytes(want, s.In[0].Octets, s.In[1].Octets); !bytes.Equal(s.Out.Octets, want) {
			return fmt.Errorf("not the XOR of the operands")
		}
	case DESKey:
		if len(s.In[0].Octets) != 7 || !bytes.Equal(s.Out.Octets, desKey(s.In[0].Octets)) {
			return fmt.Errorf("not the operand spread over 8 octets")
		}
	case DES:
		if !bytes.Equal(s.Out.Octets, desBlock(s.In[0].Octets, s.In[1].Octets)) {
			return fmt.Errorf("not the operand encrypted")
		}
	case Compare:
		if s.Holds != bytes.Equal(s.In[0].Octets, s.In[1].Octets) {
			return fmt.Errorf("the comparison says %v", s.Holds)
		}
	case Remainder, Sum, Difference, Product, Power:
		if !bytes.Equal(s.Out.Octets, calculate(s.Op, s.In)) {
			return fmt.Errorf("another number comes out")
		}
	case Encrypt, Decrypt:
		if !bytes.Equal(s.Out.Octets, cipher(s.Op, s.In[0], s.In[1])) {
			return fmt.Errorf("another text comes out")
		}
	case DeriveKey:
		if !bytes.Equal(s.Out.Octets, (*Recorder)(nil).DeriveKey("", s.In[0], s.In[1]).Octets) {
			return fmt.Errorf("another key comes out")
		}
	case Hash:
		return checkBlocks(s)
	case HMAC:
		return checkHMAC(s)
	}
	return nil
}

// checkBlocks follows the chaining state through the blocks of a hash.
func checkBlocks(s Step) error {
	var last Step
	for _, b := range s.Sub {
		if b.Op != Block {
			continue
		}
		if b.N == last.N+1 && last.N > 0 && !bytes.Equal(b.In[0].Octets, last.Out.Octets) {
			return fmt.Errorf("block %d starts from another state", b.N)
		}
		if b.N <= last.N {
			return fmt.Errorf("block %d after block %d", b.N, last.N)
		}
		last = b
	}
	if last.N > 0 && (last.N != s.N || !bytes.Equal(last.Out.Octets, s.Out.Octets)) {
		return fmt.Errorf("the last block, %d of %d, does not end in the digest", last.N, s.N)
	}
	return nil
}

// checkHMAC checks what feeds what inside an HMAC.
func checkHMAC(s Step) error {
	n := len(s.Sub)
	if n < 2 || s.Sub[n-2].Label != "inner-hash" || s.Sub[n-1].Label != "outer-hash" {
		return fmt.Errorf("no inner and outer hash")
	}
	inner, outer := s.Sub[n-2], s.Sub[n-1]
	if !bytes.Equal(inner.In[1].Octets, s.In[1].Octets) || !bytes.Equal(outer.In[1].Octets, inner.Out.Octets) ||
		!bytes.Equal(outer.Out.Octets, s.Out.Octets) {
		return fmt.Errorf("inner and outer hash do not fit")
	}
	return nil
}
