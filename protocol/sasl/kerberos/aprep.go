package kerberos

import "example.org/smtpauth/protocol/trace"

// A Proof is an AP-REP: the time of the authenticator, which only the service
// could read, under the session key (RFC 4120 §5.5.2).
type Proof struct {
	Time, Micro trace.Value // of the authenticator
	Subkey      trace.Value // none: empty
	Sequence    trace.Value // as DER writes it
}

// Write seals the proof into a token of GSSAPI.
func (p Proof) Write(rec *trace.Recorder, key trace.Value, confounder []byte) trace.Value {
	plain := application(tagAPRepPart, sequence(field(0, stamp(p.Time)), field(1, element(tagInteger, p.Micro)),
		field(2, keyDER(p.Subkey)), field(3, element(tagInteger, p.Sequence)))).value(rec, "ap-rep-plain")
	sealed := seal(rec, "ap-rep-cipher", key, forAPRep, confounder, plain)
	return frame(rec, "ap-rep", idAPRep, application(typeAPRep, sequence(field(0, number(version)), field(1, number(typeAPRep)),
		field(2, sealedDER(len(key.Octets), sealed)))))
}

// ReadProof reads a token with an AP-REP and opens it with the session key.
// Opened is false where that key does not fit.
func ReadProof(rec *trace.Recorder, token, key trace.Value) (p Proof, opened, ok bool) {
	r, ok := unframe(rec, token, idAPRep)
	if !ok {
		return p, true, false
	}
	s := r.application(typeAPRep)
	s.is(0, version)
	s.is(1, typeAPRep)
	sealed := s.sealed(2, "ap-rep-cipher")
	s.ends()
	if *r.wrong {
		return p, true, false
	}
	plain, opened := open(rec, "ap-rep-plain", key, forAPRep, sealed)
	if !opened {
		return p, false, false
	}
	r = read(rec, plain)
	s = r.application(tagAPRepPart)
	p.Time, _ = s.time(0, "sent-ctime")
	p.Micro, _ = s.noted(1, "sent-cusec")
	p.Subkey, p.Sequence = s.optional(2, 3)
	s.ends()
	return p, true, !*r.wrong
}
