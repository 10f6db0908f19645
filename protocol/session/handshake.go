package session

import (
	"crypto/tls"
	"errors"
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
)

var versions = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

// handshake lets the sides begin TLS and carries their records to and fro until
// neither has more to say: one frame that holds every record. The octets of a
// side that does not begin TLS are read as they stand.
func (s *Session) handshake(f *Frame, clientBegins, serverBegins bool) {
	f.Kind, f.Side = Handshake, Client
	w := &s.wire
	w.dissector, w.links = tlslink.NewDissector(), map[Side]*tlslink.Link{}
	options := tlslink.Options{Now: s.clock, KeyLog: w.dissector}
	if serverBegins {
		o := options
		o.MaxVersion = versions[s.setup.TLS.ServerMax]
		o.AskClient = slices.Contains(s.setup.Server.AfterTLS, "EXTERNAL")
		w.links[Server] = tlslink.NewServer(s.identity, o)
	}
	trusts := s.identity
	if w.middle = nil; clientBegins && serverBegins && s.setup.TLS.Middle.On {
		o := options
		o.Host = s.setup.Server.Host
		if m, t, err := s.newMiddle(o); err == nil { // it makes one certificate more, like the others
			w.middle, trusts = m, t
			for _, rec := range s.recorders {
				rec.Tap()
			}
			m.back.Start()
			m.put(s, f, Server, m.back)
		}
	}
	if clientBegins {
		o := options
		o.Host, o.MinVersion = s.setup.Client.Host, versions[s.setup.TLS.ClientMin]
		if name := s.setup.TLS.Client; name != "" {
			if cert, err := s.identity.ClientCertificate([]byte(s.setup.Seed), name); err == nil { // made like the server's
				o.Certificate = &cert
			}
		}
		w.links[Client] = tlslink.NewClient(trusts, o)
		w.links[Client].Start()
		s.carry(f, Server, w.links[Client].Take())
	}
	for clientBegins && serverBegins && len(w.under[Server])+len(w.under[Client]) > 0 {
		s.get(f, Server)
		s.get(f, Client)
	}
}

// channelOf is what a side's mechanisms may know of its TLS connection.
func channelOf(l *tlslink.Link) sasl.Channel {
	facts, _ := l.Up()
	return sasl.Channel{TLS: true, Exporter: l.Exporter(), EndPoint: l.EndPoint(), Client: facts.Client}
}

// settle tells a side's machine, once each, that its TLS layer is up, or that
// it broke.
func (s *Session) settle(f *Frame, side Side) {
	l := s.wire.links[side]
	if broken := (*tlslink.Failure)(nil); errors.As(l.Err(), &broken) {
		if s.settled[side] != "broken" {
			s.settled[side] = "broken"
			if f.TLSFailure == nil || broken.Local {
				f.TLSFailure = broken
			}
			s.tell(f, side, machine.Input{Kind: machine.TLSFault, Reason: "tls-" + broken.ID, Local: broken.Local})
		}
		return
	}
	facts, up := l.Up()
	if !up || s.settled[side] != "" {
		return
	}
	s.settled[side] = "up"
	if side == Client {
		f.TLS = &facts
	}
	in := machine.Input{Kind: machine.Secured, Channel: channelOf(l)}
	if side == Server && s.states.server.Phase == server.Waiting || side == Client && s.states.client.Phase == client.Connecting {
		in.Kind = machine.Connected
	}
	s.tell(f, side, in)
}
