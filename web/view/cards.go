package view

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// A Card is one operation of a computation, in the order in which it ran.
type Card struct {
	Number int // from 1
	Op     trace.Op
	Title  Words
	Text   ID
	Value  []Run     // the result, short
	Result ID        // Compare, Verify: what was found, instead of Value
	Whole  []Run     // the result, where Inside does not show it
	Known  []ID      // who knows the result
	From   []Operand // in the RFC's order
	Inside Inside
	Track  Track // of the result

	side session.Side
	step trace.Step
	cuts []trace.Step // Cut: all that were cut out of the same value
}

// An Operand is a value that goes into an operation.
type Operand struct {
	Symbol string // what the RFC calls it: "K"
	Name   Name
	Value  []Run
	Known  []ID    // none for a constant, which everybody knows
	How    []Words // where it came from
	Track  Track
}

// shortValue is how many characters a card shows of its value while folded.
const shortValue = 26

// Cards are the computations made for frame at. What only brings a value in,
// or leaves it as it was, is told by the card that goes on with the value.
func (s *Story) Cards(at int) []Card {
	var all []Card
	f := &s.frames[at]
	for side, e := range f.Events() {
		all = s.cards(all, side, at, e.Trace)
	}
	for i := range all {
		all[i].Number = i + 1
	}
	for i := range all {
		s.trace(&all[i], at, all[:i])
		s.open(&all[i])
	}
	return all
}

func (s *Story) cards(all []Card, side session.Side, at int, steps []trace.Step) []Card {
	flat := flatten(nil, steps)
	for i, step := range flat {
		if bringsIn(step) && consumed(step, flat[i+1:]) || step.Op == trace.Sent && len(all) > 0 {
			continue
		}
		if n := len(all) - 1; n >= 0 && step.Op == trace.Cut && all[n].Op == trace.Cut && same(all[n].step.In[0], step.In[0]) {
			all[n].cuts = append(all[n].cuts, step)
			all[n].describe()
			continue
		}
		c := Card{Op: step.Op, side: side, step: step}
		if step.Op == trace.Cut {
			c.cuts = []trace.Step{step}
		}
		c.describe()
		all = append(all, c)
	}
	return all
}

// flatten puts the insides of an HMAC behind it.
func flatten(flat, steps []trace.Step) []trace.Step {
	for _, step := range steps {
		flat = append(flat, step)
		if step.Op == trace.HMAC {
			flat = flatten(flat, step.Sub)
		}
	}
	return flat
}

// bringsIn tells whether a step makes nothing new.
func bringsIn(step trace.Step) bool {
	switch step.Op {
	case trace.Given, trace.Received:
		return true
	case trace.Prepare:
		return bytes.Equal(step.In[0].Octets, step.Out.Octets)
	}
	return false
}

// consumed tells whether one of the later steps takes the result, all of it.
func consumed(step trace.Step, later []trace.Step) bool {
	return slices.ContainsFunc(later, func(l trace.Step) bool {
		return slices.ContainsFunc(l.In, func(v trace.Value) bool { return same(v, step.Out) })
	})
}

// same tells whether two values are one: of equal octets and equal origin.
func same(a, b trace.Value) bool {
	return len(a.Parts) > 0 && slices.Equal(a.Parts, b.Parts) && bytes.Equal(a.Octets, b.Octets)
}

// describe sets what is shown of a card while it is folded.
func (c *Card) describe() {
	step := c.step
	labels := []ID{label(step.Label)}
	c.Value = brief(step.Op, step.Out.Octets)
	for _, more := range c.cuts[min(1, len(c.cuts)):] {
		labels = append(labels, label(more.Label))
		c.Value = append(append(c.Value, Run{Count, " · "}), brief(more.Op, more.Out.Octets)...)
	}
	c.Title = say("op."+string(step.Op), "label", labels, "alg", step.Alg, "n", step.N)
	c.Text = ID("op." + string(step.Op) + ".text")
	c.Value = cutRuns(c.Value, shortValue)
	c.Known = known(step.Known)
	if words, ok := found[step.Op]; ok {
		c.Value, c.Result = nil, words[0]
		if step.Holds {
			c.Result = words[1]
		}
	}
}

// found are the two results of what makes no value.
var found = map[trace.Op][2]ID{trace.Compare: {"ui.check.different", "ui.check.equal"}, trace.Verify: {"ui.check.invalid", "ui.check.valid"}}

// binary are the operations whose results are no text, whatever they look like.
var binary = []trace.Op{trace.XOR, trace.Hash, trace.Block, trace.HMAC, trace.PBKDF2, trace.Unhex, trace.Fields, trace.DESKey, trace.DES,
	trace.DeriveKey, trace.Fold, trace.Encrypt, trace.Decrypt,
	trace.Remainder, trace.Sum, trace.Difference, trace.Product, trace.Power}

// brief is a value in one line; an empty one has a sign.
func brief(op trace.Op, octets []byte) []Run {
	if len(octets) == 0 {
		return []Run{{Count, "∅"}}
	}
	if n := filled(octets); op == trace.KeyBlock && n > 0 {
		return append(cutRuns(Text(octets[:len(octets)-n]), shortValue-10), Run{Count, fmt.Sprintf(" + %d × 00", n)})
	}
	return Value(op, octets)
}

// filled is how many zeros stand at the end.
func filled(octets []byte) int {
	if n := tail(octets); n > 0 && octets[len(octets)-1] == 0 {
		return n
	}
	return 0
}

// Value is a value in full: text where it is some, else hexadecimal digits. The
// zeros of a key block are counted, and what a pad makes of them.
func Value(op trace.Op, octets []byte) []Run {
	if n := filled(octets); op == trace.KeyBlock && n > 0 {
		return append(Text(octets[:len(octets)-n]), Run{Count, fmt.Sprintf(" + %d × 00", n)})
	}
	if n := tail(octets); op == trace.XOR && n >= foldable && n < len(octets) {
		return []Run{{Hex, hex.EncodeToString(octets[:len(octets)-n])}, {Count, fmt.Sprintf(" + %d × %02x", n, octets[len(octets)-1])}}
	}
	wide := op == trace.UTF16 && bytes.IndexByte(octets, 0) >= 0
	if slices.Contains(binary, op) || wide || !Readable(octets) {
		return []Run{{Hex, hex.EncodeToString(octets)}}
	}
	return Text(octets)
}

// parties in the order in which they are shown.
var parties = []struct {
	party trace.Party
	name  ID
}{{trace.Client, "ui.known.client"}, {trace.Server, "ui.known.server"}, {trace.Store, "ui.known.store"}, {trace.Wire, "ui.known.wire"}, {trace.Middle, "ui.known.middle"}}

// known are the names of parties. What everybody knows is in no store.
func known(p trace.Party) (names []ID) {
	if p&trace.Everybody == trace.Everybody {
		return []ID{"ui.known.everybody"}
	}
	for _, one := range parties {
		if p&one.party != 0 {
			names = append(names, one.name)
		}
	}
	return names
}

// trace sets the operands of a card of frame at, with where each came from; the
// cards before it may have made them.
func (s *Story) trace(c *Card, at int, before []Card) {
	c.Track = s.origins.resultTrack(c.side, c.step)
	for _, more := range c.cuts[min(1, len(c.cuts)):] {
		c.Track.Is = append(c.Track.Is, s.origins.spans(c.side, resultPlace(more.ID), more.Out.Parts)...)
	}
	for i, v := range c.step.In {
		o := s.operand(c, v, at, before)
		if names := symbols[c.Op]; i < len(names) {
			o.Symbol = names[i]
		}
		c.From = append(c.From, o)
	}
}

// symbols are what RFC 2104 §2, RFC 8018 §5.2 and Inside.Formula call the operands.
var symbols = map[trace.Op][]string{trace.HMAC: {"K", "text"}, trace.PBKDF2: {"P", "S"}, trace.Remainder: {"p", "n"},
	trace.Sum: {"p", "q", "n"}, trace.Difference: {"p", "q", "n"}, trace.Product: {"p", "q", "n"}, trace.Power: {"p", "q", "n"}}

func (s *Story) operand(c *Card, v trace.Value, at int, before []Card) Operand {
	o := Operand{Name: s.origins.name(c.side, v, c.step.ID), Track: s.origins.operandTrack(c.side, c.step.ID, v)}
	from := s.origins.source(c.side, v, c.step.ID)
	if from == nil {
		o.Value = constantRuns(v.Octets)
		return o
	}
	o.Value, o.Known = Value(from.Op, v.Octets), known(from.Known)
	if len(v.Octets) == 0 {
		o.Value = brief(from.Op, nil)
	}
	for step := from; step != nil; {
		if n := slices.IndexFunc(before, func(b Card) bool { return b.side == c.side && b.made(step.ID) }); n >= 0 {
			o.How = append(o.How, say("ui.how.card", "n", n+1))
			break
		}
		if i := s.made(c.side, step.ID); i != at {
			o.How = append(o.How, say("ui.how.step", "n", i+1))
			break
		}
		if !bringsIn(*step) {
			break
		}
		o.How = append(o.How, say("ui.how."+string(step.Op)))
		if len(step.In) == 0 {
			break
		}
		step = s.origins.source(c.side, step.In[0], step.ID)
	}
	return o
}

// made tells whether the card shows the step.
func (c *Card) made(id int) bool {
	return c.step.ID == id || c.laidOpen(id) || slices.ContainsFunc(c.cuts, func(cut trace.Step) bool { return cut.ID == id })
}

// constantRuns shows a constant: everybody knows it, and it comes from nowhere.
func constantRuns(octets []byte) []Run {
	if n := tail(octets); len(octets) == 0 {
		return brief(trace.Given, octets)
	} else if string(octets) == " " || n > 3 && n == len(octets) {
		return []Run{{Plain, constant(octets)}}
	}
	return constantText(octets)
}

// made is the frame in which a side's step was noted.
func (s *Story) made(side session.Side, id int) int {
	for i := range s.frames {
		if i < len(s.lastID) && s.lastID[i][side] >= id {
			return i
		}
	}
	return len(s.frames) - 1
}

// Opens is the number of the card that is open before the reader has chosen:
// the comparison on which the outcome hangs, one that holds before others, else
// what costs or holds most, else the first.
func Opens(cards []Card) int {
	for _, opens := range []func(Card) bool{
		func(c Card) bool { return c.Op == trace.Compare && c.step.Holds },
		func(c Card) bool { return c.Op == trace.Compare },
		func(c Card) bool { return c.Op == trace.PBKDF2 },
		func(c Card) bool { return c.Op == trace.Fields },
	} {
		if i := slices.IndexFunc(cards, opens); i >= 0 {
			return cards[i].Number
		}
	}
	return min(1, len(cards))
}
