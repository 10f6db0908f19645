package view

import (
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/trace"
)

// A Knowledge is who knows what after a frame.
type Knowledge struct {
	Verdict []Words
	Rows    []KnownRow // in the order in which the values appeared
}

// A KnownRow is one value.
type KnownRow struct {
	Name  ID
	Nth   int         // of those with this name, from 1
	Cells []KnownCell // one for each of Knowers
}

// A KnownCell is what somebody has of a value.
type KnownCell struct {
	Holding Holding
	New     bool // since the last step
}

// A Holding is how much somebody has of a value.
type Holding string

const (
	Has    Holding = "has"
	Guess  Holding = "guess"  // passwords can be tried on what is had
	HasNot Holding = "not"    // and cannot be computed
	Unseen Holding = "unseen" // cannot be seen from here
)

// Knowers are the columns.
var Knowers = []ID{"ui.client", "ui.server", "ui.knower.store", "ui.knower.listener"}

// Knows says who knows what after frame at, as far as the vantage lets it be
// seen; accounts are what the server has kept since before. For Listener the
// story must be the whole one.
func (s *Story) Knows(at int, from Vantage, accounts []sasl.Account) Knowledge {
	after := s.gather(at, from, accounts)
	k := Knowledge{Verdict: after.verdict(from)}
	before := s.gather(at-1, from, accounts)
	named := map[ID]int{}
	for _, v := range after.values {
		if from == Listener && v.family != familyKeys && !v.used && v.known&trace.Wire == 0 {
			continue
		}
		named[v.name]++
		row := KnownRow{Name: v.name, Nth: named[v.name]}
		old := before.find(v.family, v.octets)
		for _, p := range parties {
			c := KnownCell{Holding: after.holding(v, p.party, from)}
			c.New = (c.Holding == Has || c.Holding == Guess) && (old == nil || before.holding(old, p.party, from) != c.Holding)
			row.Cells = append(row.Cells, c)
		}
		k.Rows = append(k.Rows, row)
	}
	return k
}

// holding is what a party has of a value.
func (m *minds) holding(v *value, p trace.Party, from Vantage) Holding {
	switch {
	case p == trace.Store && (from == OfClient || from == Listener):
		return Unseen
	case v.known&p != 0:
		return Has
	case v.family != familyPassword:
		return HasNot
	case p == trace.Store && v.stored != "", p == trace.Wire && v.used && covers(m.labelsOf(p), m.guess):
		return Guess
	}
	return HasNot
}

// verdict says in a sentence or two what a listener and a thief of the store
// have of the password.
func (m *minds) verdict(from Vantage) []Words {
	var password, keys *value
	for _, v := range m.values {
		if v.family == familyPassword && (v.used || password == nil) {
			password = v
		}
		if v.family == familyKeys {
			keys = v
		}
	}
	if password == nil {
		if keys != nil {
			return []Words{say("ui.knows.keys")}
		}
		return []Words{say("ui.knows.none")}
	}
	id := "ui.knows.kept"
	switch heard := m.holding(password, trace.Wire, from); {
	case heard == Has:
		id = "ui.knows.heard"
	case heard == Guess:
		id = "ui.knows.guess"
	case keys != nil && m.clear:
		id = "ui.knows.sealed"
	case keys != nil:
		id = "ui.knows.unsaid"
	}
	all := []Words{say(id)}
	switch m.holding(password, trace.Store, from) {
	case Has:
		all = append(all, say("ui.knows.store.clear"))
	case Guess:
		all = append(all, stored(password.stored))
	}
	return all
}

// stored says what a thief of the store has who has not the password.
func stored(s sasl.Stored) Words {
	switch s {
	case sasl.StoredSCRAM1, sasl.StoredSCRAM256, sasl.StoredSCRAM512:
		return say("ui.knows.store.keys")
	case sasl.StoredDigest:
		return say("ui.knows.store.equivalent", "mechanism", "DIGEST-MD5")
	case sasl.StoredNT:
		return say("ui.knows.store.equivalent", "mechanism", "NTLM")
	}
	return say("ui.knows.store.hashed")
}

// Listens reports whether somebody who listens has the password after frame
// at, can guess it, or neither.
func (s *Story) Listens(at int) Holding {
	m := s.gather(at, Both, nil)
	holding := HasNot
	for _, v := range m.values {
		if v.family != familyPassword {
			continue
		}
		switch h := m.holding(v, trace.Wire, Both); {
		case h == Has:
			return Has
		case h == Guess:
			holding = Guess
		}
	}
	return holding
}
