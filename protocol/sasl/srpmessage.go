package sasl

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/trace"
)

// A message of SRP is a buffer (draft §3): its length in 4 octets, then
// elements, each behind its own length. A number (mpi) has 2 octets of length
// and no zeros in front, a text (utf8) has 2, a string of octets (os) has 1; a
// uint is 4 octets without a length.
const (
	srpLength  = 4
	srpNumbers = 2
	srpTexts   = 2
	srpOctets  = 1

	srpMaxText = 1<<16 - 1 // octets
)

// An srpWriter puts a message together.
type srpWriter []trace.Value

// add appends an element behind a length of so many octets.
func (w *srpWriter) add(size int, v trace.Value) {
	length := binary.BigEndian.AppendUint32(nil, uint32(len(v.Octets)))
	*w = append(*w, trace.Value{Octets: length[srpLength-size:]}, v)
}

// message joins the elements behind their length.
func (w srpWriter) message(env *Env, label string) trace.Value {
	n := 0
	for _, v := range w {
		n += len(v.Octets)
	}
	length := trace.Value{Octets: binary.BigEndian.AppendUint32(nil, uint32(n))}
	return env.Trace.Concat(label, append([]trace.Value{length}, w...)...)
}

// An srpReader takes a message apart. Once something is wrong it stays so.
type srpReader struct {
	env     *Env
	message trace.Value
	at      int
	wrong   bool
}

func readSRP(env *Env, message trace.Value) *srpReader {
	p := message.Octets
	ok := len(p) >= srpLength && uint64(binary.BigEndian.Uint32(p)) == uint64(len(p)-srpLength)
	return &srpReader{env: env, message: message, at: srpLength, wrong: !ok}
}

// next takes n octets as they are.
func (r *srpReader) next(label string, n int) trace.Value {
	if r.wrong = r.wrong || n > len(r.message.Octets)-r.at; r.wrong {
		return trace.Value{}
	}
	r.at += n
	return r.env.Trace.Cut(label, r.message, r.at-n, r.at)
}

// element takes one that stands behind a length of size octets.
func (r *srpReader) element(label string, size int) trace.Value {
	if r.wrong = r.wrong || size > len(r.message.Octets)-r.at; r.wrong {
		return trace.Value{}
	}
	n := 0
	for _, b := range r.message.Octets[r.at : r.at+size] {
		n = n<<8 | int(b)
	}
	r.at += size
	return r.next(label, n)
}

func (r *srpReader) number(label string) trace.Value {
	v := r.element(label, srpNumbers)
	r.wrong = r.wrong || len(v.Octets) > 0 && v.Octets[0] == 0
	return v
}

func (r *srpReader) text(label string) trace.Value {
	v := r.element(label, srpTexts)
	r.wrong = r.wrong || !utf8.Valid(v.Octets)
	return v
}

// whole reports whether nothing was wrong and nothing is left.
func (r *srpReader) whole() bool { return !r.wrong && r.at == len(r.message.Octets) }

// An srpIdentity is the client's first message: U, I, sid, cn. The last two
// would go on with an older session, of which there is none.
type srpIdentity struct{ authcid, authzid trace.Value }

func (m srpIdentity) write(env *Env) trace.Value {
	var w srpWriter
	w.add(srpTexts, m.authcid)
	w.add(srpTexts, m.authzid)
	w.add(srpTexts, trace.Value{})
	w.add(srpOctets, trace.Value{})
	return w.message(env, "srp-identity")
}

func readSRPIdentity(env *Env, message trace.Value) (m srpIdentity, ok bool) {
	r := readSRP(env, message)
	m = srpIdentity{r.text("authcid"), r.text("authzid")}
	r.text("session-id")
	r.element("client-nonce", srpOctets)
	return m, r.whole()
}

// An srpOffer is the server's first message: 00 for a new session, N, g, s, B, L.
type srpOffer struct {
	n, g, salt, b, options trace.Value
	chosen                 trace.Value // of the options
}

func (m srpOffer) write(env *Env) trace.Value {
	w := srpWriter{trace.Constant("\x00")}
	w.add(srpNumbers, m.n)
	w.add(srpNumbers, m.g)
	w.add(srpOctets, m.salt)
	w.add(srpNumbers, m.b)
	w.add(srpTexts, m.options)
	return w.message(env, "srp-offer")
}

// readSRPOffer takes the offer apart and refuses what must not be computed with
// before anything is.
func readSRPOffer(env *Env, message trace.Value) (m srpOffer, fault *Error) {
	r := readSRP(env, message)
	news := r.next("session-kind", 1)
	m = srpOffer{n: r.number("N"), g: r.number("g"), salt: r.element("salt", srpOctets), b: r.number("B"), options: r.text("options-offered")}
	switch {
	case !r.whole() || news.String() != "\x00":
		return m, &Error{Peer, "SRP-01", "malformed"}
	case len(m.n.Octets) > srpMaxBits/8:
		return m, &Error{Peer, "SRP-06", "group-too-large"}
	case !srpGroupKnown(m.n.Octets, m.g.Octets):
		return m, &Error{Peer, "SRP-06", "unknown-group"}
	case len(m.b.Octets) > len(m.n.Octets)+1: // 2N is refused for what it is
		return m, &Error{Peer, "SRP-01", "malformed"}
	}
	m.chosen, fault = m.choose(env)
	return m, fault
}

// choose takes the hash function out of the list of options, as it is written
// there (SRP-09). No security layer is chosen, so none may be demanded.
func (m srpOffer) choose(env *Env) (chosen trace.Value, fault *Error) {
	at := 0
	for option := range strings.SplitSeq(m.options.String(), ",") {
		switch {
		case strings.HasPrefix(option, "mandatory="):
			return chosen, &Error{Peer, "SRP-09", "no-qop"}
		case strings.EqualFold(option, srpOption) && len(chosen.Octets) == 0:
			chosen = env.Trace.Cut("options-chosen", m.options, at, at+len(option))
		}
		at += len(option) + 1
	}
	if len(chosen.Octets) == 0 {
		return chosen, &Error{Peer, "SRP-09", "no-hash"}
	}
	return chosen, nil
}

func (e srpEvidence) write(env *Env, iv trace.Value) trace.Value {
	var w srpWriter
	w.add(srpNumbers, e.a)
	w.add(srpOctets, e.m1)
	w.add(srpTexts, e.chosen)
	w.add(srpOctets, iv)
	return w.message(env, "srp-evidence")
}

func readSRPEvidence(env *Env, message trace.Value) (a, m1, chosen trace.Value, ok bool) {
	r := readSRP(env, message)
	a, m1, chosen = r.number("A"), r.element("sent-M1", srpOctets), r.text("options-chosen")
	r.element("client-iv", srpOctets)
	return a, m1, chosen, r.whole()
}

// An srpConfirmation is the server's second message: M2, sIV, sid, ttl. The
// session cannot be gone on with, so sid is empty and ttl is zero.
type srpConfirmation struct{ m2, iv, session, ttl trace.Value }

func (m srpConfirmation) write(env *Env) trace.Value {
	var w srpWriter
	w.add(srpOctets, m.m2)
	w.add(srpOctets, m.iv)
	w.add(srpTexts, m.session)
	return append(w, m.ttl).message(env, "srp-confirmation")
}

func readSRPConfirmation(env *Env, message trace.Value) (m srpConfirmation, ok bool) {
	r := readSRP(env, message)
	m = srpConfirmation{r.element("sent-M2", srpOctets), r.element("server-iv", srpOctets), r.text("session-id"), r.next("ttl", 4)}
	return m, r.whole()
}
