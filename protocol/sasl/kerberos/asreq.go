package kerberos

import (
	"encoding/binary"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// What a client asks of the key distribution centre, and what it answers (RFC
// 4120 §5.4). The ticket is asked for directly, without a ticket for tickets.

// RequestTicket writes an AS-REQ: a ticket for service, for client, until then.
// The nonce, 31 bits, comes back in the answer.
func RequestTicket(rec *trace.Recorder, realm trace.Value, client, service Name, till time.Time, nonce trace.Value) trace.Value {
	body := sequence(field(0, bits(0)), field(1, client.der()), field(2, str(realm)), field(3, service.der()),
		field(5, stamp(trace.Value{Octets: timeOctets(till)})), field(7, element(tagInteger, nonce)),
		field(8, sequence(number(etypeOf(KeyLength)))))
	return application(typeASReq, sequence(field(1, number(version)), field(2, number(typeASReq)), field(4, body))).
		value(rec, "kdc-request")
}

// Number makes a nonce, or a sequence number, out of 4 random octets: 31 bits,
// as DER writes an integer.
func Number(random []byte) []byte {
	return integer(int64(binary.BigEndian.Uint32(random) >> 1))
}

// A Grant is an answer with a ticket.
type Grant struct {
	Realm      trace.Value
	Client     Name
	Ticket     Ticket
	Salt       trace.Value // of the password; empty: realm and name
	Iterations int         // of PBKDF2
	sealed     Sealed
}

// ReadGrant reads an AS-REP. Where the answer is an error it gives its number
// (RFC 4120 §7.5.9), and -1 where it is neither.
func ReadGrant(rec *trace.Recorder, answer trace.Value) (g Grant, code int64) {
	r := read(rec, answer)
	if r.has(tagApp + typeError) {
		return g, readError(r)
	}
	s := r.application(typeASRep)
	s.is(0, version)
	s.is(1, typeASRep)
	g.Iterations = defaultIterations
	if s.hasField(2) {
		g.hints(s.field(2).sequence())
	}
	g.Realm = s.field(3).cut("client-realm", tagString)
	g.Client = s.name(4, "client-name", "client-principal")
	g.Ticket = s.ticket(5)
	g.sealed = s.sealed(6, "kdc-cipher")
	s.ends()
	if *r.wrong {
		return g, -1
	}
	return g, 0
}

// hints reads PA-ETYPE-INFO2 out of a list of PA-DATA (RFC 4120 §5.2.7.5).
func (g *Grant) hints(list *reader) {
	for !*list.wrong && list.at < list.end {
		entry := list.sequence()
		kind := entry.field(1).number()
		from, to := entry.field(2).next(tagOctets)
		entry.ends()
		if kind != etypeInfo2 || *list.wrong {
			continue
		}
		hint := (&reader{list.rec, list.message, from, to, list.wrong}).sequence().sequence()
		hint.is(0, etypeOf(KeyLength))
		if hint.hasField(1) {
			g.Salt = hint.field(1).cut("salt", tagString)
		}
		if hint.hasField(2) {
			params := hint.field(2).cut("iterations", tagOctets)
			if *list.wrong = *list.wrong || len(params.Octets) != 4; !*list.wrong {
				g.Iterations = int(min(binary.BigEndian.Uint32(params.Octets), 1<<30))
			}
		}
		hint.ends()
	}
}

const (
	etypeInfo2        = 19
	defaultIterations = 4096 // RFC 3962 §4
)

// Open opens the part that is for the client, with the key of his password, and
// returns the session key. Opened is false
// where the key does not fit; ok, where it does, says that the answer is to the
// question with that nonce, and for that service.
func (g Grant) Open(rec *trace.Recorder, key, nonce trace.Value, service Name) (session trace.Value, opened, ok bool) {
	plain, opened := open(rec, "kdc-plain", key, forASRep, g.sealed)
	if !opened {
		return session, false, false
	}
	r := read(rec, plain)
	tag := byte(tagASRepPart)
	if r.has(tagApp + tagTGSRepPart) { // what some centres always send (RFC 4120 §5.4.2), MIT's is one
		tag = tagTGSRepPart
	}
	s := r.application(tag)
	session = s.key(0, "session-key")
	s.field(1) // last requests
	back := s.field(2).cut("sent-nonce", tagInteger)
	s.skip(3)
	s.bits(4)
	s.time(5, "start-time")
	s.skip(6)
	s.time(7, "end-time")
	s.skip(8)
	s.field(9).cut("service-realm", tagString)
	named := s.name(10, "service-name", "service-principal")
	s.skip(11)
	s.skip(12) // encrypted pa-data (RFC 6806 §11)
	s.ends()
	return session, true, !*r.wrong && rec.Compare("nonce-check", back, nonce) && named.String() == service.String()
}

// Numbers of errors that the centre here gives.
const (
	ErrClientUnknown  = 6
	ErrServiceUnknown = 7
	ErrGeneric        = 60
)

// readError reads a KRB-ERROR for its number.
func readError(r *reader) int64 {
	s := r.application(typeError)
	s.is(0, version)
	s.is(1, typeError)
	s.skip(2)
	s.skip(3)
	s.field(4)
	s.field(5)
	code := s.field(6).number()
	if *r.wrong || code <= 0 {
		return -1
	}
	return code
}
