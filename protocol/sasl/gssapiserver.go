package sasl

import (
	"bytes"
	"crypto/sha256"
	"io"
	"strings"
	"time"

	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/trace"
)

// The server's half of GSSAPI; gssapi.go says what passes.
type gssapiServer struct {
	common
	GSSAPIServer
	store *Store
	state gssapiState

	authcid      trace.Value
	account      Account
	ours, theirs kerberos.Wrapping
}

func (s *gssapiServer) Next(env *Env, response Message) (Result, error) {
	state := s.state
	s.state = gssapiDone
	switch state {
	case gssapiStart:
		if !response.Present {
			s.state = gssapiAsked
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case gssapiAsked:
		return s.accept(env, response.Value)
	case gssapiReply:
		if len(response.Octets) > 0 {
			return Result{}, &Error{Refused, "GSS-05", "malformed"}
		}
		return s.offer(env)
	case gssapiLayers:
		return s.finish(env, response.Value)
	}
	return Result{}, ErrOutOfStep
}

// accept checks the ticket and who shows it, and proves that it could be opened.
func (s *gssapiServer) accept(env *Env, token trace.Value) (Result, error) {
	request, ok := kerberos.ReadRequest(env.Trace, token)
	if !ok {
		return Result{}, &Error{Refused, "GSS-01", "malformed"}
	}
	if request.Ticket.Service.String() != kerberos.Service+"/"+strings.ToLower(s.Host) || request.Ticket.Realm.String() != s.Keytab.Realm {
		return Result{}, &Error{Refused, "GSS-04", "wrong-service"}
	}
	content, opened, ok := request.Ticket.Open(env.Trace, env.Trace.Given("service-key", s.Keytab.keyFor(request.Ticket.Sealed), trace.Store))
	switch {
	case !opened:
		return Result{}, &Error{Refused, "GSS-07", "wrong-service-key"}
	case !ok:
		return Result{}, &Error{Refused, "GSS-01", "malformed"}
	}
	client, ok := request.Open(env.Trace, content.Key)
	if !ok {
		return Result{}, &Error{Refused, "AUTH-27", "wrong-authenticator"}
	}
	if err := s.timely(env, request, client, content); err != nil {
		return Result{}, err
	}
	flags, ok := client.Flags()
	if !ok || len(client.Sequence.Octets) == 0 {
		return Result{}, &Error{Refused, "GSS-01", "malformed"}
	}
	if err := s.identify(env, client, content); err != nil {
		return Result{}, err
	}
	s.theirs = kerberos.Wrapping{Key: content.Key, Sequence: client.Sequence}
	if len(client.Subkey.Octets) > 0 {
		s.theirs.Key = client.Subkey
	}
	if !request.Mutual && flags&kerberos.FlagMutual == 0 { // nothing to say: on to the layers
		s.ours = s.theirs
		s.ours.Acceptor = true
		result, err := s.offer(env)
		result.Checked = err == nil
		return result, err
	}
	return s.prove(env, client, content)
}

// timely checks the clocks, and that the authenticator was not here before
// (RFC 4120 §3.2.3).
func (s *gssapiServer) timely(env *Env, request kerberos.Request, client kerberos.Authenticator, ticket kerberos.Content) error {
	now := env.Now()
	switch {
	case now.Sub(client.At).Abs() > kerberos.Skew, ticket.Starts.Sub(now) > kerberos.Skew:
		return &Error{Refused, "AUTH-27", "clock-skew"}
	case now.Sub(ticket.Ends) > kerberos.Skew:
		return &Error{Refused, "AUTH-27", "ticket-expired"}
	case s.store.replayed(now, sha256.Sum256(request.Sealed())):
		return &Error{Refused, "AUTH-27", "replayed"}
	}
	return nil
}

// identify finds the account that ticket and authenticator name.
func (s *gssapiServer) identify(env *Env, client kerberos.Authenticator, ticket kerberos.Content) error {
	same := env.Trace.Compare("principal-check", client.Client.Raw(), ticket.Client.Raw())
	if !env.Trace.Compare("realm-check", client.Realm, ticket.Realm) || !same {
		return &Error{Refused, "AUTH-27", "wrong-principal"}
	}
	name, ok := ticket.Client.Only()
	if !ok || ticket.Realm.String() != s.Keytab.Realm {
		return &Error{Refused, "AUTH-27", "wrong-principal"}
	}
	var reason string
	if s.authcid, reason = prepare(env.Trace, "authcid-prepared", name); reason != "" {
		return &Error{Refused, "SAS-03", reason}
	}
	e := s.store.entry(s.authcid)
	if e.unprovable == "unknown-user" {
		return &Error{Refused, "AUTH-27", "unknown-user"}
	}
	s.account = e.account
	return nil
}

// prove answers with the client's time under the session key, and the key for
// what follows.
func (s *gssapiServer) prove(env *Env, client kerberos.Authenticator, ticket kerberos.Content) (Result, error) {
	random := make([]byte, kerberos.KeyLength+numberLength+confounderLength)
	if _, err := io.ReadFull(env.Rand, random); err != nil {
		return Result{}, err
	}
	key, rest := random[:len(ticket.Key.Octets)], random[kerberos.KeyLength:]
	proof := kerberos.Proof{Time: client.Time, Micro: client.Micro, Subkey: env.Trace.Given("subkey", key, 0),
		Sequence: env.Trace.Given("sequence-number", kerberos.Number(rest[:numberLength]), 0)}
	s.theirs.Key, s.theirs.Subkey = proof.Subkey, true
	s.ours = kerberos.Wrapping{Key: proof.Subkey, Subkey: true, Acceptor: true, Sequence: proof.Sequence}
	s.state = gssapiReply
	return Result{Checked: true, Send: Send(proof.Write(env.Trace, ticket.Key, rest[numberLength:]))}, nil
}

// offer lists the security layers: none (GSS-02, GSS-03, LYR-08).
func (s *gssapiServer) offer(env *Env) (Result, error) {
	s.state = gssapiLayers
	text := env.Trace.Text("layer-offer", layerMessage, trace.Everybody)
	return Result{Send: Send(s.ours.Wrap(env.Trace, text))}, nil
}

// finish takes the layer that was chosen, and as whom the client acts.
func (s *gssapiServer) finish(env *Env, token trace.Value) (Result, error) {
	text, ok, holds := s.theirs.Unwrap(env.Trace, token)
	switch {
	case !ok, holds && len(text.Octets) < len(layerMessage):
		return Result{}, &Error{Refused, "GSS-01", "malformed"}
	case !holds:
		return Result{}, &Error{Refused, "GSS-01", "wrong-checksum"}
	}
	layers := env.Trace.Cut("layers", text, 0, 1)
	env.Trace.Cut("layer-size", text, 1, len(layerMessage)) // GSS-03: not looked at
	if layers.Octets[0] != layerNone {
		return Result{}, &Error{Refused, "GSS-02", "no-layer"}
	}
	authzid := trace.Constant("")
	if len(text.Octets) > len(layerMessage) {
		var reason string
		authzid = env.Trace.Cut("authzid", text, len(layerMessage), len(text.Octets))
		if bytes.IndexByte(authzid.Octets, 0) >= 0 {
			return Result{}, &Error{Refused, "GSS-01", "malformed"}
		}
		if authzid, reason = prepare(env.Trace, "authzid-prepared", authzid); reason != "" {
			return Result{}, &Error{Refused, "SAS-03", reason}
		}
	}
	as, err := s.store.authorize(env, s.account, s.authcid, authzid)
	if err != nil {
		return Result{}, err
	}
	return Result{Done: true, Authcid: s.account.Name, Authzid: as}, nil
}

// replayed reports whether an authenticator was here within the time that its
// clock is believed, and remembers it (RFC 4120 §3.2.3).
func (s *Store) replayed(now time.Time, authenticator [sha256.Size]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for old, at := range s.authenticators {
		if now.Sub(at).Abs() > 2*kerberos.Skew {
			delete(s.authenticators, old)
		}
	}
	if _, again := s.authenticators[authenticator]; again {
		return true
	}
	if s.authenticators == nil {
		s.authenticators = map[[sha256.Size]byte]time.Time{}
	}
	s.authenticators[authenticator] = now
	return false
}
