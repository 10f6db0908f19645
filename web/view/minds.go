package view

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// minds are the values worth knowing in a run up to a frame, each once for both
// sides: the same octets of the same family are one value.
type minds struct {
	values []*value
	heard  map[string]trace.Party // by label, of all that was recorded: who has a value of it
	ran    []sasl.Mechanism
}

type value struct {
	family family
	name   ID
	octets []byte
	labels []string
	known  trace.Party
	used   bool        // a secret: the one that the client logs in with
	sent   bool        // to the other side, as it is
	stored sasl.Stored // a password: what the server keeps of it, if not itself
}

// A family is values of one meaning.
type family string

const (
	familyPassword family = "password"
	familyToken    family = "token"
	familyAuthcid  family = "authcid"
	familyAnswer   family = "response"
	familyKeys     family = "keys"
	familySecret   family = "H(user:realm:password)"
)

// families are the labels of the values that are worth a row, but for those
// that passwords can be tried on.
var families = map[string]family{
	"password": familyPassword, "passwd": familyPassword, "password-prepared": familyPassword,
	"passwd-prepared": familyPassword, "stored-password": familyPassword, "stored-password-raw": familyPassword,
	"token":   familyToken,
	"authcid": familyAuthcid, "authcid-prepared": familyAuthcid,
	"authzid": "authzid", "authzid-prepared": "authzid",
	"challenge":  "challenge",
	"digest-hex": "digest", "sent-digest": "digest",
	"message": familyAnswer, "token-message": familyAnswer, "response": familyAnswer,
	"stored-salt": "stored-salt", "stored-verifier": "stored-verifier",
	"x": "x", "v": "v", "stored-v": "v", "S": "S", "K": "K",
	"salt": "stored-salt", "StoredKey": "StoredKey", "stored-StoredKey": "StoredKey", "ServerKey": "ServerKey", "stored-ServerKey": "ServerKey",
	"user-realm-password-hash": familySecret, "stored-digest": familySecret,
	"NTOWFv1": "NTOWFv1", "stored-NTOWFv1": "NTOWFv1",
	"session-key": "session-key", "subkey": "subkey", "service-key": "service-key",
}

// familyOf is the family of the values of a label, if they are worth a row:
// what passwords can be tried on is, whatever the mechanism calls it.
func familyOf(label string) (f family, worth bool) {
	if f, worth = families[label]; worth {
		return f, true
	}
	return family(label), triedOn()[label]
}

// triedOn are the labels of all that passwords can be tried on.
var triedOn = sync.OnceValue(func() map[string]bool {
	labels := map[string]bool{}
	for _, m := range sasl.Mechanisms() {
		for _, label := range m.Guess() {
			labels[label] = true
		}
	}
	return labels
})

// kept are the labels, at the server's side, of what the store holds and of what
// is made of it. Whether the client has the same is not known before they are
// compared.
var kept = []string{"stored-password", "stored-password-raw", "stored-verifier", "digest-hex"}

func newMinds() *minds { return &minds{heard: map[string]trace.Party{}} }

// gather goes through the frames up to at.
func (s *Story) gather(at int, from Vantage, accounts []sasl.Account) *minds {
	m := newMinds()
	for i := range s.frames[:at+1] {
		m.follow(&s.frames[i])
	}
	if from == Both || from == OfServer {
		m.remember(accounts)
	}
	return m
}

// follow adds what a frame brings.
func (m *minds) follow(f *session.Frame) {
	for _, name := range []string{f.ClientState.Mechanism, f.ServerState.Mechanism} {
		if mech, known := sasl.Lookup(name); known && !slices.ContainsFunc(m.ran, func(r sasl.Mechanism) bool { return r.Name == name }) {
			m.ran = append(m.ran, mech)
		}
	}
	for side, e := range f.Events() {
		m.learn(side, e.Trace)
	}
	if f.TLS != nil && m.find(familyKeys, nil) == nil {
		keys := &value{family: familyKeys, name: "ui.knows.row.keys", known: trace.Client | trace.Server}
		if intercepted(f) {
			keys.known |= trace.Middle
		}
		m.values = append(m.values, keys)
	}
}

// intercepted tells whether somebody in the middle of TLS takes part in a frame.
func intercepted(f *session.Frame) bool {
	return slices.ContainsFunc(f.Wire, func(c session.Chunk) bool { return c.Beyond })
}

func (m *minds) learn(side session.Side, steps []trace.Step) {
	for _, step := range steps {
		if stored := comparedWith[step.Label]; step.Op == trace.Compare && step.Holds && stored != "" {
			m.proved(stored)
		}
		f, worth := familyOf(step.Label)
		if len(step.Out.Octets) == 0 {
			continue
		}
		m.heard[step.Label] |= step.Known
		if !worth || step.Label == "challenge" && !m.tries("challenge") {
			continue
		}
		v := m.find(f, step.Out.Octets)
		if v == nil && f == familyAnswer {
			v = m.find("", step.Out.Octets) // LOGIN's are name and password themselves
		}
		if answer := m.find(familyAnswer, step.Out.Octets); v == nil && answer != nil {
			v, answer.family, answer.name = answer, f, m.name(side, f, step.Label)
		}
		if v == nil {
			v = &value{family: f, octets: step.Out.Octets, name: m.name(side, f, step.Label)}
			m.values = append(m.values, v)
		}
		v.labels = append(v.labels, step.Label)
		v.used = v.used || side == session.Client && v.secret()
		if side == session.Server && slices.Contains(kept, step.Label) {
			v.known |= step.Known &^ trace.Client
			continue
		}
		v.known |= step.Known
		v.sent = v.sent || step.Known&(trace.Client|trace.Server) == trace.Client|trace.Server
	}
}

// secret tells whether a value is enough to log in with.
func (v *value) secret() bool { return v.family == familyPassword || v.family == familyToken }

// tries tells whether passwords are tried on values of a label.
func (m *minds) tries(label string) bool {
	return slices.ContainsFunc(m.ran, func(mech sasl.Mechanism) bool { return slices.Contains(mech.Guess(), label) })
}

// can tells whether a party can try passwords on what passed: it has all that
// one of the mechanisms that ran says is enough.
func (m *minds) can(p trace.Party) bool {
	return slices.ContainsFunc(m.ran, func(mech sasl.Mechanism) bool {
		labels := mech.Guess()
		return len(labels) > 0 && !slices.ContainsFunc(labels, func(l string) bool { return m.heard[l]&p == 0 })
	})
}

// comparedWith are the labels of the comparisons of a password, or of what is made of
// one, and of what the server has of it.
var comparedWith = map[string]string{"password-check": "stored-password", "digest-check": "stored-password",
	"digest-check-raw": "stored-password-raw", "digest-check-octets": "stored-password-raw"}

// proved notes that what the client used is what the server keeps.
func (m *minds) proved(stored string) {
	for _, v := range m.values {
		if slices.Contains(v.labels, stored) {
			v.used, v.known = true, v.known|trace.Client
		}
	}
}

// name is what a value is called. The first of a family has the plain name.
func (m *minds) name(side session.Side, f family, label string) ID {
	first := !slices.ContainsFunc(m.values, func(v *value) bool { return v.family == f })
	switch {
	case f == "digest" && !first && side == session.Server:
		return "ui.knows.row.digest.server"
	case f == "digest":
		return "label.digest"
	case f == familySecret && first:
		return "ui.knows.row.secret"
	case first && (f == "StoredKey" || f == "ServerKey" || f == "NTOWFv1"):
		return ID("label." + string(f))
	case strings.HasPrefix(label, "stored-password") || !first:
		return ID("label." + label)
	case f == familyPassword, f == familyAuthcid:
		return ID("label." + string(f))
	}
	return ID("label." + label)
}

// find is the value of a family, or of any, with these octets, or nil.
func (m *minds) find(f family, octets []byte) *value {
	for _, v := range m.values {
		if (f == "" || v.family == f) && bytes.Equal(v.octets, octets) {
			return v
		}
	}
	return nil
}

// remember adds what the server has kept of those who log in since before the
// session.
func (m *minds) remember(accounts []sasl.Account) {
	for _, account := range accounts {
		name := m.find(familyAuthcid, preparedForm(account.Name))
		if name == nil {
			continue
		}
		name.known |= trace.Store
		for _, v := range m.values {
			if v.family != familyPassword || account.Password.Withheld ||
				!bytes.Equal(preparedForm(string(v.octets)), preparedForm(account.Password.Text)) {
				continue
			}
			if account.Stored == sasl.Clear {
				v.known |= trace.Store
			} else {
				v.stored = account.Stored
			}
		}
	}
}

// preparedForm is a string as the store has it, or as it is, where it cannot be
// prepared.
func preparedForm(text string) []byte {
	var quiet *trace.Recorder
	if v, err := quiet.Prepare("", trace.Constant(text)); err == nil {
		return v.Octets
	}
	return []byte(text)
}
