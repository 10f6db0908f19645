package view

import (
	"encoding/hex"
	"fmt"
	"slices"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// Inside is what happened within an operation; which field is set depends on
// the operation alone.
type Inside struct {
	Formula  string    // HMAC, PBKDF2, DESKey, numbers
	Spelling *Spelling // Base64, Unbase64
	Bits     *Bits     // XOR
	Grid     *Grid     // XOR, KeyBlock
	Hashed   *Hashed   // Hash
	Parts    []Part    // Concat, Cut
	Pair     *Pair     // Compare
	Rounds   []Round   // PBKDF2
	Fields   []FieldRow
}

// open shows what is inside a card.
func (s *Story) open(c *Card) {
	step, in := c.step, &c.Inside
	whole := true
	switch c.Op {
	case trace.Base64, trace.Unbase64:
		in.Spelling = spellingOf(step)
	case trace.XOR:
		in.Bits, in.Grid = bitsOf(step), gridOf(step.Out.Octets, false)
		whole = false
	case trace.KeyBlock:
		in.Grid = gridOf(step.Out.Octets, true)
		whole = false
	case trace.Hash:
		in.Hashed = s.hashed(c)
	case trace.Concat:
		in.Parts = joined(c)
	case trace.Cut:
		in.Parts = s.cutOut(c)
		whole = false
	case trace.Compare:
		p := s.pair(c.side, &c.step)
		in.Pair = &p
		whole = false
	case trace.Verify:
		whole = false
	case trace.Fields:
		in.Fields = s.fields(c)
		whole = false
	case trace.DESKey:
		in.Formula = spread(step.Out.Octets)
	case trace.HMAC:
		in.Formula = fmt.Sprintf("%[1]s(K ⊕ opad ‖ %[1]s(K ⊕ ipad ‖ text))", step.Alg)
	case trace.PBKDF2:
		in.Formula = fmt.Sprintf("U₁ = HMAC-%[1]s(P, S ‖ INT(1)), Uᵢ = HMAC-%[1]s(P, Uᵢ₋₁), T = U₁ ⊕ U₂ ⊕ …", step.Alg)
		in.Rounds = rounds(step)
	case trace.Remainder, trace.Sum, trace.Difference, trace.Product, trace.Power:
		in.Formula = arithmetic[step.Op]
		if len(step.In) == 3 {
			in.Formula += " mod n"
		}
	}
	if whole {
		c.Whole = Value(step.Op, step.Out.Octets)
	}
}

// arithmetic is what is computed, in the symbols of the operands.
var arithmetic = map[trace.Op]string{trace.Remainder: "p mod n", trace.Sum: "p + q", trace.Difference: "p − q", trace.Product: "p · q", trace.Power: "p^q"}

// A Group is 24 bits, read as three octets and as four sextets (RFC 4648 §4).
type Group struct {
	Number  int
	Octets  []Cell   // Hex, and Top: the character
	Bits    string   // "010101…", of the octets
	Sextets []int    // 0 to 63
	Letters []string // four, "=" where there is no sextet
}

// A Spelling is base64 and what it spells, group by group.
type Spelling struct {
	First  Group
	Groups []Group // Number jumps where some are left out
	Total  int
}

// spellingOf shows a Base64 or Unbase64 step; of an empty value there is nothing.
func spellingOf(s trace.Step) *Spelling {
	v := &Spelling{Total: s.N}
	for _, sub := range s.Sub {
		if sub.Op == trace.Group {
			v.Groups = append(v.Groups, groupOf(sub))
		}
	}
	if len(v.Groups) == 0 {
		return nil
	}
	v.First = v.Groups[0]
	return v
}

func groupOf(s trace.Step) Group {
	g := Group{Number: s.N}
	for _, b := range s.In[0].Octets {
		g.Octets = append(g.Octets, cell(b, true))
		g.Bits += fmt.Sprintf("%08b", b)
	}
	for _, sextet := range s.In[1].Octets {
		g.Sextets = append(g.Sextets, int(sextet))
	}
	for _, c := range s.Out.Octets {
		g.Letters = append(g.Letters, string(rune(c)))
	}
	return g
}

// A Cell is one octet of a Grid.
type Cell struct {
	Hex string
	Top string // the character above it, or its name; empty: none
	Of  int    // Legend entry of a Grid, from 1; 0: none
}

func cell(b byte, top bool) Cell {
	c := Cell{Hex: hex.EncodeToString([]byte{b})}
	if top {
		c.Top = "·"
		if b > ' ' && b < 0x7f {
			c.Top = string(rune(b))
		} else if b < 0x80 {
			c.Top = constantTop(b)
		}
	}
	return c
}

func constantTop(b byte) string {
	if b == ' ' {
		return "␣"
	}
	return ControlName(picture(rune(b)))
}

// A Grid is octets in rows of 16; many equal ones at the end are folded.
type Grid struct {
	Cells []Cell
	Tail  string // "48 × 00"
}

// foldable is how many equal octets are worth folding.
const foldable = 8

// gridOf shows octets, with the characters above them or without.
func gridOf(octets []byte, top bool) *Grid {
	g := &Grid{}
	if n := tail(octets); n >= foldable {
		g.Tail = fmt.Sprintf("%d × %02x", n, octets[len(octets)-1])
		octets = octets[:len(octets)-n]
	}
	for _, b := range octets {
		g.Cells = append(g.Cells, cell(b, top))
	}
	return g
}

// A Bits shows the first octet of an XOR bit by bit.
type Bits struct {
	A, B, Out Cell
	Rows      [3]string // eight bits each
}

// bitsOf shows the first octet of an XOR step.
func bitsOf(s trace.Step) *Bits {
	if len(s.Out.Octets) == 0 {
		return nil
	}
	a, b, out := s.In[0].Octets[0], s.In[1].Octets[0], s.Out.Octets[0]
	return &Bits{cell(a, true), cell(b, false), cell(out, false),
		[3]string{fmt.Sprintf("%08b", a), fmt.Sprintf("%08b", b), fmt.Sprintf("%08b", out)}}
}

// A Block is one call of a hash's compression function.
type Block struct {
	Number        int
	Before, After string // chaining state, hexadecimal
	Grid          Grid
	Legend        []ID // what the cells are of
}

// Hashed is a hash at work.
type Hashed struct {
	Parts  []Part // what went in, and the padding
	Octets int    // in all
	Size   int    // of a block, octets; 0: the hash hides its blocks
	Total  int    // of the blocks
	Blocks []Block
}

// A Part is one of several values that stand one behind the other.
type Part struct {
	Name   Name
	Value  []Run
	Octets int
	Kept   bool // Cut: it was cut out; Concat: always
	Track  Track
}

// hashed shows a Hash step.
func (s *Story) hashed(c *Card) *Hashed {
	h := &Hashed{Total: c.step.N}
	add := func(name Name, octets []byte, track Track) {
		h.Parts = append(h.Parts, Part{Name: name, Octets: len(octets), Kept: true, Track: track})
		h.Octets += len(octets)
	}
	for _, v := range c.step.In {
		add(s.origins.name(c.side, v, c.step.ID), v.Octets, s.origins.operandTrack(c.side, c.step.ID, v))
	}
	for _, sub := range c.step.Sub {
		switch sub.Op {
		case trace.Given:
			add(Name{Label: label(sub.Label)}, sub.Out.Octets, Track{})
		case trace.Block:
			h.Size = len(sub.In[1].Octets)
			h.Blocks = append(h.Blocks, s.block(c.side, sub))
		}
	}
	return h
}

func (s *Story) block(side session.Side, step trace.Step) Block {
	b := Block{Number: step.N, Before: hex.EncodeToString(step.In[0].Octets), After: hex.EncodeToString(step.Out.Octets)}
	at := 0
	for _, p := range step.In[1].Parts {
		name := ID("")
		if from := s.origins.steps[origin{side, p.Step}]; from != nil {
			name = label(from.Label)
		}
		b.Legend = append(b.Legend, name)
		for _, octet := range step.In[1].Octets[at : at+p.Length] {
			c := cell(octet, false)
			c.Of = len(b.Legend)
			b.Grid.Cells = append(b.Grid.Cells, c)
		}
		at += p.Length
	}
	if at == 0 {
		b.Grid = *gridOf(step.In[1].Octets, false)
	}
	return b
}

// joined are the parts of a Concat step, by name.
func joined(c *Card) []Part {
	var all []Part
	for i, v := range c.step.In {
		all = append(all, Part{Name: c.From[i].Name, Value: c.From[i].Value, Octets: len(v.Octets), Kept: true, Track: c.From[i].Track})
	}
	return all
}

// cutOut is the value that was cut, in parts by their place: what was cut out,
// each octet under the narrowest of the cuts that it is in, and the rest. An
// empty value stands behind the one that was cut out before it.
func (s *Story) cutOut(c *Card) []Part {
	whole := c.step.In[0]
	type stretch struct {
		step     *trace.Step
		from, to int
	}
	cuts, at := make([]stretch, len(c.cuts)), 0
	for i := range c.cuts {
		from := min(offset(whole, c.cuts[i].Out, at), len(whole.Octets)) // frames may come from elsewhere
		at = min(from+len(c.cuts[i].Out.Octets), len(whole.Octets))
		cuts[i] = stretch{&c.cuts[i], from, at}
	}
	slices.SortStableFunc(cuts, func(a, b stretch) int { return (b.to - b.from) - (a.to - a.from) }) // the widest first
	owner, empty := make([]*stretch, len(whole.Octets)), make([][]*trace.Step, len(whole.Octets)+1)
	for i := range cuts {
		cut := &cuts[i]
		if cut.from == cut.to {
			empty[cut.from] = append(empty[cut.from], cut.step)
		}
		for n := cut.from; n < cut.to; n++ {
			owner[n] = cut
		}
	}
	var all []Part
	for from := 0; from <= len(owner); {
		for _, step := range empty[from] {
			all = append(all, Part{Name: Name{Label: label(step.Label)}, Kept: true, Track: s.origins.resultTrack(c.side, *step)})
		}
		to := from + 1
		for to < len(owner) && owner[to] == owner[from] && empty[to] == nil {
			to++
		}
		if from < len(owner) {
			p := Part{Value: Text(whole.Octets[from:to]), Octets: to - from}
			if cut := owner[from]; cut != nil {
				is := s.origins.spans(c.side, resultPlace(cut.step.ID), cutParts(cut.step.Out.Parts, from-cut.from, to-cut.from))
				p.Name, p.Kept, p.Track = Name{Label: label(cut.step.Label)}, true, Track{is, s.origins.resultTrack(c.side, *cut.step).Of}
			}
			all = append(all, p)
		}
		from = to
	}
	return all
}

// offset is where part stands in whole, by the origins of both; what has none,
// being empty, stands at at.
func offset(whole, part trace.Value, at int) int {
	if len(part.Parts) == 0 {
		return at
	}
	start, want := 0, part.Parts[0]
	for _, p := range whole.Parts {
		if p.Step == want.Step && want.Offset >= p.Offset && want.Offset < p.Offset+p.Length {
			return start + want.Offset - p.Offset
		}
		start += p.Length
	}
	return at
}

// A Round is one iteration of PBKDF2.
type Round struct {
	N    int
	U, T string // hexadecimal
}

// rounds are the iterations that were noted; N jumps where some are left out.
// T, the XOR of all U so far, is U itself in the first.
func rounds(s trace.Step) []Round {
	var all []Round
	for _, sub := range s.Sub {
		switch {
		case sub.Op == trace.HMAC:
			u := hex.EncodeToString(sub.Out.Octets)
			all = append(all, Round{sub.N, u, u})
		case sub.Op == trace.XOR && len(all) > 0:
			all[len(all)-1].T = hex.EncodeToString(sub.Out.Octets)
		}
	}
	return all
}
