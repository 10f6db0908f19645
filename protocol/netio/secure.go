package netio

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"time"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/tlslink"
)

// unexpectedMessage is the alert that crypto/tls leaves to us when what came
// first is no TLS (RFC 8446 §5).
var unexpectedMessage = []byte{21, 3, 3, 0, 2, 2, 10}

// secure lets TLS begin on the connection as it is: what was read before is not
// given to it. Neither facts nor a failure is returned where the peer has gone
// or took too long; err says which.
func (e *end) secure(config *tls.Config) (facts *tlslink.Facts, failure *tlslink.Failure, err error) {
	dissector := tlslink.NewDissector()
	e.tap.dissector = dissector
	config = config.Clone()
	if config.KeyLogWriter = io.Writer(dissector); config.Time == nil {
		config.Time = time.Now
	}
	begin := tls.Server
	var shown *x509.Certificate // by a client, to a server that asked for one
	if e.tap.client {
		begin = tls.Client
		config.GetClientCertificate = offer(config.Certificates, &shown)
	}
	conn := begin(&e.tap, config)
	err = conn.Handshake()
	e.tap.flush()
	defer func() {
		if e.watch == nil {
			e.tap.dissector = nil
		}
		e.note(Note{Kind: Shook, Facts: facts, Failure: failure})
	}()
	var header tls.RecordHeaderError
	switch {
	case err == nil:
	case late(err) || gone(err) && e.tap.alert == "":
		return nil, nil, err
	case errors.As(err, &header) && header.Conn != nil:
		e.tap.Write(unexpectedMessage)
		fallthrough
	default:
		return nil, tlslink.Explain(err, e.tap.alert, config.ServerName, config.Time()), err
	}
	e.conn = conn
	state := conn.ConnectionState()
	var certificate *x509.Certificate // the server's
	switch {
	case e.tap.client:
		certificate = state.PeerCertificates[0]
	case len(config.Certificates) > 0:
		certificate = config.Certificates[0].Leaf
	}
	made := tlslink.FactsOf(state, certificate)
	if !e.tap.client {
		made = made.Served(state)
	} else {
		made.Client = tlslink.ClientName(shown)
	}
	e.channel = sasl.Channel{TLS: true, Exporter: tlslink.Exporter(state), Client: made.Client}
	if certificate != nil {
		e.channel.EndPoint = tlslink.EndPoint(certificate)
	}
	return &made, nil, nil
}

// offer shows the first certificate that the server could accept, and says
// which; none where there is no such.
func offer(own []tls.Certificate, shown **x509.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		for i := range own {
			if request.SupportsCertificate(&own[i]) == nil {
				*shown = own[i].Leaf
				return &own[i], nil
			}
		}
		return new(tls.Certificate), nil
	}
}
