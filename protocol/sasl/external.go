// EXTERNAL, RFC 4422 appendix A: who the client is has been proved already, by
// the certificate that it showed in the TLS handshake.
//
//	S: (empty challenge, unless the message is the initial response)
//	C: fred@example.com   (as whom to act; empty: as whom the certificate names)
//
// No secret crosses in the exchange, and the server keeps none.

package sasl

import (
	"bytes"
	"unicode/utf8"

	"example.org/smtpauth/protocol/trace"
)

var external = Mechanism{
	Name: "EXTERNAL", Rule: "EXN-01", Section: "RFC 4422 App. A.1", ClientFirst: true,
	Available: Channel.HasClient,
	Facts:     Facts{CrossesNothing, GainsNothing, GainsNothing, false, true, Today, "RFC 4422"},
	Client:    func(c Credentials, _ ClientOptions) Exchange { return &externalClient{Credentials: c} },
	Server:    func(s *Store, o ServerOptions) Exchange { return &externalServer{store: s, common: o.common()} },
}

type externalState uint8

const (
	externalStart externalState = iota
	externalAsked               // server, next: the message, now that it is asked for
	externalDone
)

type externalClient struct {
	Credentials
	state externalState
}

func (c *externalClient) Next(env *Env, challenge Message) (Result, error) {
	if c.state != externalStart {
		return Result{}, ErrOutOfStep
	}
	c.state = externalDone
	switch {
	case len(challenge.Octets) > 0:
		return Result{}, &Error{Peer, "AUTH-15", "challenge-not-empty"}
	case !isIdentity([]byte(c.Authzid)):
		return Result{}, &Error{Local, "EXN-03", "malformed"}
	case c.Authzid == "":
		return Result{Send: Send(trace.Constant("")), Done: true}, nil
	}
	return Result{Send: Send(env.Trace.Text("authzid", c.Authzid, trace.Client)), Done: true}, nil
}

// isIdentity follows extern-resp: UTF-8 without NUL.
func isIdentity(text []byte) bool { return utf8.Valid(text) && bytes.IndexByte(text, 0) < 0 }

type externalServer struct {
	common
	store *Store
	state externalState
}

func (s *externalServer) Next(env *Env, response Message) (Result, error) {
	switch s.state {
	case externalStart:
		if !response.Present {
			s.state = externalAsked
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case externalAsked:
		s.state = externalDone
		return s.verify(env, response.Value)
	}
	return Result{}, ErrOutOfStep
}

// verify finds whom the certificate names and checks as whom he may act.
func (s *externalServer) verify(env *Env, authzid trace.Value) (Result, error) {
	if !isIdentity(authzid.Octets) {
		return Result{}, &Error{Refused, "EXN-03", "malformed"}
	}
	if !s.Channel.HasClient() {
		return Result{}, &Error{Refused, "EXN-02", "no-certificate"}
	}
	authcid, reason := prepare(env.Trace, "authcid-prepared", env.Trace.Text("certificate-name", s.Channel.Client, trace.Client))
	if reason != "" {
		return Result{}, &Error{Refused, "SAS-03", reason}
	}
	e := s.store.entry(authcid)
	if e.unprovable == "unknown-user" {
		return Result{}, &Error{Refused, "EXN-02", "unknown-user"}
	}
	if len(authzid.Octets) > 0 {
		if authzid, reason = prepare(env.Trace, "authzid-prepared", authzid); reason != "" {
			return Result{}, &Error{Refused, "SAS-03", reason}
		}
	}
	as, err := s.store.authorize(env, e.account, authcid, authzid)
	if err != nil {
		return Result{}, err
	}
	return Result{Checked: true, Done: true, Authcid: e.account.Name, Authzid: as}, nil
}
