package session

import "example.org/smtpauth/protocol/tlslink"

// A wire holds the octets under way between the two sides, as anybody on it
// has them, and the TLS layer of each end. They are delivered only by a step,
// so that somebody can stand in between.
type wire struct {
	under     map[Side][]byte // toward each side
	links     map[Side]*tlslink.Link
	dissector *tlslink.Dissector // of the TLS connection that runs
	middle    *middle            // in the middle of it; nil: nobody
}

// take removes what is under way toward a side.
func (w *wire) take(toward Side) []byte {
	octets := w.under[toward]
	delete(w.under, toward)
	return octets
}

func (w *wire) close() {
	for _, l := range w.links {
		l.Close()
	}
	if w.middle != nil {
		w.middle.close()
	}
}

// carry sends octets on their way toward a side: to whoever is in the middle
// of TLS, else onto the wire.
func (s *Session) carry(f *Frame, toward Side, octets []byte) {
	if m := s.wire.middle; m != nil && len(octets) > 0 {
		m.relay(s, f, toward, octets)
		return
	}
	s.lay(f, toward, octets)
}

// lay puts octets on the wire as they stand and notes them in f.
func (s *Session) lay(f *Frame, toward Side, octets []byte) {
	w := &s.wire
	if len(octets) == 0 {
		return
	}
	w.under[toward] = append(w.under[toward], octets...)
	c := Chunk{Toward: toward, Octets: octets}
	if w.dissector != nil {
		c.Records = w.dissector.Feed(direction(toward), octets)
	}
	f.Wire = append(f.Wire, c)
}

// put lets a side say octets: through its TLS layer, where it has one.
func (s *Session) put(f *Frame, side Side, octets []byte) {
	if l := s.wire.links[side]; l != nil {
		l.Write(octets)
		octets = l.Take()
		f.Sealed = true
	}
	s.carry(f, side.Other(), octets)
}

// get delivers what is under way toward a side and returns what its machine
// reads of it: nothing, where TLS let nothing through.
func (s *Session) get(f *Frame, side Side) (octets []byte) {
	octets = s.wire.take(side)
	if l := s.wire.links[side]; l != nil {
		octets = l.Feed(octets)
		s.carry(f, side.Other(), l.Take()) // the handshake's next flight, or an alert
		s.settle(f, side)
	}
	return octets
}

func direction(toward Side) tlslink.Direction {
	if toward == Server {
		return tlslink.ToServer
	}
	return tlslink.ToClient
}
