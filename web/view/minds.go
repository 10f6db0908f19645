package view

import (
	"bytes"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// minds are the values worth knowing in a run up to a frame, each once for both
// sides: the same octets of the same family are one value.
type minds struct {
	values []*value
	guess  []string // labels, of the mechanism that ran
	clear  bool     // that mechanism sends the password as it is
}

type value struct {
	family family
	name   ID
	octets []byte
	labels []string
	known  trace.Party
	used   bool        // a password: the one that the client logs in with
	stored sasl.Stored // a password: what the server keeps of it, if not itself
}

// A family is values of one meaning.
type family string

const (
	familyPassword family = "password"
	familyAuthcid  family = "authcid"
	familyAnswer   family = "response"
	familyKeys     family = "keys"
	familySecret   family = "H(user:realm:password)"
)

// families are the labels of the values that are worth a row.
var families = map[string]family{
	"password": familyPassword, "passwd": familyPassword, "password-prepared": familyPassword,
	"passwd-prepared": familyPassword, "stored-password": familyPassword, "stored-password-raw": familyPassword,
	"authcid": familyAuthcid, "authcid-prepared": familyAuthcid,
	"authzid": "authzid", "authzid-prepared": "authzid",
	"challenge":  "challenge",
	"digest-hex": "digest", "sent-digest": "digest",
	"message": familyAnswer, "response": familyAnswer,
	"stored-salt": "stored-salt", "stored-verifier": "stored-verifier",
	"x": "x", "v": "v", "stored-v": "v", "S": "S", "K": "K",
	"salt": "stored-salt", "StoredKey": "StoredKey", "stored-StoredKey": "StoredKey", "ServerKey": "ServerKey", "stored-ServerKey": "ServerKey",
	"user-realm-password-hash": familySecret, "stored-digest": familySecret,
	"NTOWFv1": "NTOWFv1", "stored-NTOWFv1": "NTOWFv1",
	"session-key": "session-key", "subkey": "subkey", "service-key": "service-key",
}

// kept are the labels, at the server's side, of what the store holds and of what
// is made of it. Whether the client has the same is not known before they are
// compared.
var kept = []string{"stored-password", "stored-password-raw", "stored-salt", "stored-verifier", "digest-hex"}

// gather goes through the frames up to at.
func (s *Story) gather(at int, from Vantage, accounts []sasl.Account) *minds {
	m := &minds{}
	for i := range s.frames[:at+1] {
		f := &s.frames[i]
		for _, name := range []string{f.ClientState.Mechanism, f.ServerState.Mechanism} {
			if mech, known := sasl.Lookup(name); known {
				m.guess, m.clear = mech.Guess, mech.Clear
			}
		}
		for _, e := range f.Server {
			m.learn(session.Server, e.Trace)
		}
		for _, e := range f.Client {
			m.learn(session.Client, e.Trace)
		}
		if f.TLS != nil && m.find(familyKeys, nil) == nil {
			m.values = append(m.values, &value{family: familyKeys, name: "ui.knows.row.keys", known: trace.Client | trace.Server})
		}
	}
	if from == Both || from == OfServer {
		m.remember(accounts)
	}
	return m
}

func (m *minds) learn(side session.Side, steps []trace.Step) {
	for _, step := range steps {
		if stored := comparedWith[step.Label]; step.Op == trace.Compare && step.Holds && stored != "" {
			m.proved(stored)
		}
		f, worth := families[step.Label]
		if !worth || len(step.Out.Octets) == 0 || step.Label == "challenge" && !slices.Contains(m.guess, "challenge") {
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
		v.used = v.used || side == session.Client && f == familyPassword
		if side == session.Server && slices.Contains(kept, step.Label) {
			v.known |= step.Known &^ trace.Client
		} else {
			v.known |= step.Known
		}
	}
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

// labelsOf are the labels of all that a party has.
func (m *minds) labelsOf(p trace.Party) (labels []string) {
	for _, v := range m.values {
		if v.known&p != 0 {
			labels = append(labels, v.labels...)
		}
	}
	return labels
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
