package kerberos

import (
	"encoding/binary"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// An Authenticator proves that its writer has the session key, now (RFC 4120
// §5.5.1).
type Authenticator struct {
	Realm    trace.Value
	Client   Name
	Checksum trace.Value
	Micro    trace.Value // cusec, as DER writes it
	Time     trace.Value // ctime
	At       time.Time   // both together
	Subkey   trace.Value // none: empty
	Sequence trace.Value // as DER writes it; empty: zero
}

// At is an authenticator of a time, which has microseconds.
func At(rec *trace.Recorder, now time.Time) Authenticator {
	micro := integer(int64(now.Nanosecond() / 1000))
	return Authenticator{Time: rec.Given("ctime", timeOctets(now), 0), Micro: rec.Given("cusec", micro, 0), At: now.Truncate(time.Microsecond)}
}

// mutual is the flag of AP-REQ by which the client wants an AP-REP.
const mutual = 1 << (31 - 2)

// Flags of the checksum of GSSAPI (RFC 4121 §4.1.1.1).
const (
	FlagMutual    = 2
	FlagReplay    = 4
	FlagSequence  = 8
	FlagIntegrity = 32
)

const (
	checksumType   = 0x8003
	checksumLength = 24 // octets: length of the hash, the hash of the channel, flags
)

// Checksum is the one of GSSAPI: no channel binding, and flags.
func Checksum(rec *trace.Recorder, flags uint32) trace.Value {
	head := trace.Value{Octets: binary.LittleEndian.AppendUint32(nil, checksumLength-8)}
	return rec.Concat("checksum", head, trace.Value{Octets: make([]byte, 16)},
		trace.Value{Octets: binary.LittleEndian.AppendUint32(nil, flags)})
}

// Flags takes them out of a checksum; ok is false where it is not as RFC 4121
// §4.1.1 has it.
func (a Authenticator) Flags() (flags uint32, ok bool) {
	p := a.Checksum.Octets
	if len(p) < checksumLength || binary.LittleEndian.Uint32(p) != checksumLength-8 {
		return 0, false
	}
	return binary.LittleEndian.Uint32(p[checksumLength-4:]), true
}

// Write seals the authenticator and puts the ticket in front: an AP-REQ, in a
// token of GSSAPI.
func (a Authenticator) Write(rec *trace.Recorder, key trace.Value, confounder []byte, ticket trace.Value) trace.Value {
	plain := application(tagAuthenticator, sequence(field(0, number(version)), field(1, str(a.Realm)), field(2, a.Client.der()),
		field(3, sequence(field(0, number(checksumType)), field(1, octets(a.Checksum)))),
		field(4, element(tagInteger, a.Micro)), field(5, stamp(a.Time)), field(7, element(tagInteger, a.Sequence)))).
		value(rec, "authenticator-plain")
	sealed := seal(rec, "authenticator", key, forAuthenticator, confounder, plain)
	return frame(rec, "ap-req", idAPReq, application(typeAPReq, sequence(field(0, number(version)), field(1, number(typeAPReq)),
		field(2, bits(mutual)), field(3, der{ticket}), field(4, sealedDER(len(key.Octets), sealed)))))
}

// A Request is an AP-REQ that was read.
type Request struct {
	Ticket Ticket
	Mutual bool // an AP-REP is wanted
	sealed Sealed
}

// ReadRequest reads a token with an AP-REQ (RFC 4120 §5.5.1).
func ReadRequest(rec *trace.Recorder, token trace.Value) (q Request, ok bool) {
	r, ok := unframe(rec, token, idAPReq)
	if !ok {
		return q, false
	}
	s := r.application(typeAPReq)
	s.is(0, version)
	s.is(1, typeAPReq)
	q.Mutual = s.bits(2)&mutual != 0
	q.Ticket = s.ticket(3)
	q.sealed = s.sealed(4, "authenticator")
	s.ends()
	return q, !*r.wrong
}

// Sealed is the authenticator as it was sent.
func (q Request) Sealed() []byte { return q.sealed.Cipher.Octets }

// Open opens the authenticator with the session key.
func (q Request) Open(rec *trace.Recorder, key trace.Value) (a Authenticator, ok bool) {
	plain, ok := open(rec, "authenticator-plain", key, forAuthenticator, q.sealed)
	if !ok {
		return a, false
	}
	r := read(rec, plain)
	s := r.application(tagAuthenticator)
	s.is(0, version)
	a.Realm = s.field(1).cut("authenticator-realm", tagString)
	a.Client = s.name(2, "authenticator-name", "authenticator-principal")
	if s.hasField(3) {
		sum := s.field(3).sequence()
		sum.is(0, checksumType)
		a.Checksum = sum.field(1).cut("checksum", tagOctets)
		sum.ends()
	}
	micro := int64(0)
	a.Micro, micro = s.noted(4, "cusec")
	a.Time, a.At = s.time(5, "ctime")
	a.Subkey, a.Sequence = s.optional(6, 7)
	s.skip(8) // authorization data
	s.ends()
	if *r.wrong || micro < 0 || micro > 999_999 {
		return a, false
	}
	a.At = a.At.Add(time.Duration(micro) * time.Microsecond)
	return a, true
}

// optional reads a key in field n and a sequence number in field m, either of
// which may be missing.
func (r *reader) optional(n, m byte) (key, sequence trace.Value) {
	if r.hasField(n) {
		key = r.key(n, "subkey")
	}
	if r.hasField(m) {
		sequence, _ = r.noted(m, "sequence-number")
	}
	return key, sequence
}
