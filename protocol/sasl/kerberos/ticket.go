package kerberos

import (
	"time"

	"example.org/smtpauth/protocol/trace"
)

// A Ticket says who somebody is, to one service alone: nobody else can open it
// (RFC 4120 §5.3).
type Ticket struct {
	Raw     trace.Value // as it was read
	Realm   trace.Value
	Service Name
	Sealed  Sealed
}

// readTicket reads field n.
func (r *reader) ticket(n byte) (t Ticket) {
	f := r.field(n)
	again := *f
	t.Raw = again.raw("ticket", tagApp+tagTicket)
	s := f.application(tagTicket)
	s.is(0, version)
	t.Realm = s.field(1).cut("service-realm", tagString)
	t.Service = s.name(2, "service-name", "service-principal")
	t.Sealed = s.sealed(3, "ticket-cipher")
	s.ends()
	return t
}

// Content is what a ticket says to the service.
type Content struct {
	Key          trace.Value // the session key
	Realm        trace.Value // the client's
	Client       Name
	Starts, Ends time.Time
}

// Open opens the ticket with the service's key. Known is false where it does
// not open; ok where it does, but what is inside cannot be read.
func (t Ticket) Open(rec *trace.Recorder, key trace.Value) (c Content, opened, ok bool) {
	plain, opened := open(rec, "ticket-plain", key, forTicket, t.Sealed)
	if !opened {
		return c, false, false
	}
	r := read(rec, plain)
	s := r.application(tagTicketPart)
	s.bits(0)
	c.Key = s.key(1, "session-key")
	c.Realm = s.field(2).cut("client-realm", tagString)
	c.Client = s.name(3, "client-name", "client-principal")
	s.field(4) // transited realms: ours is the only one
	_, c.Starts = s.time(5, "start-time")
	if s.hasField(6) {
		_, c.Starts = s.time(6, "start-time")
	}
	_, c.Ends = s.time(7, "end-time")
	for n := byte(8); n <= 10; n++ { // renewal, addresses, authorization data
		s.skip(n)
	}
	s.ends()
	return c, true, !*r.wrong
}

// flagsInitial says that a password's key opened what came with the ticket (RFC
// 4120 §2.1).
const flagsInitial = 1 << (31 - 9)

// ticketPart is what the key distribution centre seals for the service.
func ticketPart(key, realm trace.Value, client Name, starts, ends trace.Value) der {
	return application(tagTicketPart, sequence(
		field(0, bits(flagsInitial)), field(1, keyDER(key)), field(2, str(realm)), field(3, client.der()),
		field(4, sequence(field(0, number(0)), field(1, octets(trace.Value{})))), field(5, stamp(starts)),
		field(6, stamp(starts)), field(7, stamp(ends))))
}
