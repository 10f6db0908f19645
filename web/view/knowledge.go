package view

import (
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// A Knowledge is who knows what after a frame.
type Knowledge struct {
	Verdict []Words
	Knowers []ID       // the columns
	Rows    []KnownRow // in the order in which the values appeared
}

// A KnownRow is one value.
type KnownRow struct {
	Name  ID
	Nth   int         // of those with this name, from 1
	Cells []KnownCell // one for each of the Knowers
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

// knowers are the columns; the last one only where somebody is in the middle of
// TLS, and where he can be seen.
var knowers = []struct {
	party trace.Party
	name  ID
}{{trace.Client, "ui.client"}, {trace.Server, "ui.server"}, {trace.Store, "ui.knower.store"}, {trace.Wire, "ui.knower.listener"},
	{trace.Middle, "ui.knower.middle"}}

// Knows says who knows what after frame at, as far as the vantage lets it be
// seen; accounts are what the server has kept since before. For Listener the
// story must be the whole one.
func (s *Story) Knows(at int, from Vantage, accounts []sasl.Account) Knowledge {
	after := s.gather(at, from, accounts)
	whole := after
	if s.whole != nil {
		whole = s.whole.gather(at, Both, nil)
	}
	k := Knowledge{Verdict: append(after.verdict(from, whole), s.certificates(at)...)}
	before := s.gather(at-1, from, accounts)
	columns := knowers
	if !s.Intercepted() {
		columns = knowers[:len(knowers)-1]
	}
	for _, who := range columns {
		k.Knowers = append(k.Knowers, who.name)
	}
	named := map[ID]int{}
	for _, v := range after.values {
		if from == Listener && v.family != familyKeys && !v.used && v.known&(trace.Wire|trace.Middle) == 0 {
			continue
		}
		named[v.name]++
		row := KnownRow{Name: v.name, Nth: named[v.name]}
		old := before.find(v.family, v.octets)
		for _, who := range columns {
			c := KnownCell{Holding: after.holding(v, who.party, from)}
			c.New = (c.Holding == Has || c.Holding == Guess) && (old == nil || before.holding(old, who.party, from) != c.Holding)
			row.Cells = append(row.Cells, c)
		}
		k.Rows = append(k.Rows, row)
	}
	return k
}

// Intercepted tells whether somebody in the middle of TLS reads along. Neither
// side sees that (See).
func (s *Story) Intercepted() bool {
	return s.any(func(f *session.Frame) bool { return f.TLS != nil && intercepted(f) })
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
	case p == trace.Store && v.stored != "", p&(trace.Wire|trace.Middle) != 0 && v.used && m.can(p):
		return Guess
	}
	return HasNot
}

// secret is what the client logs in with, as far as it is known, or nil.
func (m *minds) secret() (found *value) {
	for _, v := range m.values {
		if v.secret() && (v.used || found == nil) {
			found = v
		}
	}
	return found
}

// verdict says in a few sentences what a listener, somebody in the middle and a
// thief of the store have of the password. What was heard does not depend on the
// side that looks: it is in the whole story's.
func (m *minds) verdict(from Vantage, whole *minds) []Words {
	secret, keys, middle := m.secret(), m.find(familyKeys, nil), m.middle()
	id := "ui.knows.kept"
	switch heard := whole.has(trace.Wire); {
	case heard == Has:
		id = "ui.knows.heard"
	case heard == Guess:
		id = "ui.knows.guess"
	case secret == nil && middle.ID != "":
		return []Words{middle}
	case secret == nil && keys != nil:
		return []Words{say("ui.knows.keys")}
	case secret == nil && whole.secret() == nil:
		return []Words{say("ui.knows.none")}
	case secret == nil:
	case keys != nil && secret.sent && secret.family == familyToken:
		id = "ui.knows.sealed.token"
	case keys != nil && secret.sent:
		id = "ui.knows.sealed"
	case keys != nil:
		id = "ui.knows.unsaid"
	}
	all := []Words{say(id)}
	if middle.ID != "" {
		all = append(all, middle)
	}
	if secret == nil {
		return all
	}
	switch m.holding(secret, trace.Store, from) {
	case Has:
		all = append(all, say("ui.knows.store.clear"))
	case Guess:
		all = append(all, stored(secret.stored))
	}
	return all
}

// middle says what somebody in the middle of TLS has; it is zero where nobody is
// there.
func (m *minds) middle() Words {
	secret, keys := m.secret(), m.find(familyKeys, nil)
	switch {
	case keys == nil || keys.known&trace.Middle == 0:
		return Words{}
	case secret == nil:
		return say("ui.knows.keys.middle")
	}
	switch m.holding(secret, trace.Middle, Both) {
	case Has:
		return say("ui.knows.middle." + string(secret.family))
	case Guess:
		return say("ui.knows.middle.guess")
	}
	return say("ui.knows.middle.lines")
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
func (s *Story) Listens(at int) Holding { return s.gather(at, Both, nil).has(trace.Wire) }

// has is what a party has of any password, or token.
func (m *minds) has(p trace.Party) Holding {
	holding := HasNot
	for _, v := range m.values {
		if !v.secret() {
			continue
		}
		switch h := m.holding(v, p, Both); {
		case h == Has:
			return Has
		case h == Guess:
			holding = Guess
		}
	}
	return holding
}
