package sasl

import (
	"strconv"

	"example.org/smtpauth/protocol/trace"
)

// The server's half of SCRAM; scram.go says what passes.
type scramServer struct {
	common
	SCRAMServer
	store *Store
	alg   trace.Alg
	plus  bool
	state scramState

	header, bare     trace.Value // of client-first-message
	binding          Binding     // the flag p's; empty: another flag
	authcid, authzid trace.Value // prepared; authzid may be empty
	nonce, message   trace.Value // of server-first-message
	entry            scramEntry
	salt             trace.Value
	account          Account
	as               string
	fault            *Error // said with e=
}

func (s *scramServer) Next(env *Env, response Message) (Result, error) {
	state := s.state
	s.state = scramDone
	switch state {
	case scramStart:
		if !response.Present {
			s.state = scramFirst
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case scramFirst:
		return s.first(env, response.Value)
	case scramFinal:
		return s.final(env, response.Value)
	case scramWrong:
		return Result{}, s.fault
	case scramEnd:
		if len(response.Octets) > 0 {
			return Result{}, &Error{Refused, "SCR-13", "malformed"}
		}
		return Result{Done: true, Authcid: s.account.Name, Authzid: s.as}, nil
	}
	return Result{}, ErrOutOfStep
}

// Values of e= (RFC 5802 §7). That a name is unknown is not told.
const (
	eInvalidEncoding = "invalid-encoding"
	eExtensions      = "extensions-not-supported"
	eProof           = "invalid-proof"
	eBinding         = "channel-bindings-dont-match"
	eDoesSupport     = "server-does-support-channel-binding"
	eNoBinding       = "channel-binding-not-supported"
	eBindingType     = "unsupported-channel-binding-type"
	eName            = "invalid-username-encoding"
	eOther           = "other-error"
)

// fail ends the exchange, with e= first where the policy says so (SCR-13).
func (s *scramServer) fail(fault *Error, value string) (Result, error) {
	if !s.SayErrors {
		return Result{}, fault
	}
	s.state, s.fault = scramWrong, fault
	return Result{Send: Send(trace.Constant("e=" + value)), Refused: fault}, nil
}

// first takes client-first-message and answers with salt and count.
func (s *scramServer) first(env *Env, message trace.Value) (Result, error) {
	m, fault, value := parseClientFirst(env, message)
	if fault == nil {
		fault, value = s.bindable(m.flag)
	}
	if fault != nil {
		return s.fail(fault, value)
	}
	for _, name := range []struct {
		label string
		from  trace.Value
		to    *trace.Value
		given bool
	}{{"authcid-prepared", m.authcid, &s.authcid, true}, {"authzid-prepared", m.authzid, &s.authzid, m.hasAuthzid}} {
		if !name.given {
			continue
		}
		prepared, reason := prepare(env.Trace, name.label, name.from)
		if reason != "" {
			return s.fail(&Error{Refused, "SCR-03", reason}, eName)
		}
		*name.to = prepared
	}
	nonce, err := freshNonce(env, "server-nonce", s.Nonce)
	if err != nil {
		return Result{}, err
	}
	s.header, s.bare = m.header, m.bare
	if s.entry, err = s.store.scram(env, s.alg, s.authcid); err != nil {
		return Result{}, err
	}
	s.nonce = env.Trace.Concat("nonce", m.nonce, nonce)
	s.salt = env.Trace.Given(s.entry.saltName, s.entry.salt, s.entry.keeper())
	count := env.Trace.Text("iterations", strconv.Itoa(s.entry.iterations), s.entry.keeper())
	s.message = env.Trace.Concat("server-first-message", trace.Constant("r="), s.nonce,
		trace.Constant(",s="), env.Trace.Base64("salt-base64", s.salt), trace.Constant(",i="), count)
	s.state = scramFinal
	return Result{Send: Send(s.message)}, nil
}

// bindable checks the channel binding flag against the name of the mechanism
// and the list that the client was given (RFC 5802 §6).
func (s *scramServer) bindable(flag string) (*Error, string) {
	binds := len(flag) > 2
	switch {
	case binds && !s.plus:
		return &Error{Refused, "SCR-17", "binding-flag"}, eNoBinding
	case binds && s.Channel.Data(Binding(flag[2:])) == nil:
		return &Error{Refused, "SCR-17", "binding-type"}, eBindingType
	case binds:
		s.binding = Binding(flag[2:])
		return nil, ""
	case flag == "y" && (s.plus || s.OffersPlus):
		return &Error{Refused, "SCR-15", "downgrade"}, eDoesSupport
	case s.plus:
		return &Error{Refused, "SCR-17", "binding-flag"}, eOther
	}
	return nil, ""
}

// final takes client-final-message, checks the proof and proves itself.
func (s *scramServer) final(env *Env, message trace.Value) (Result, error) {
	m, fault, value := parseClientFinal(env, message, s.alg.New().Size())
	if fault != nil {
		return s.fail(fault, value)
	}
	if !env.Trace.Compare("channel-binding-check", m.binding, boundTo(env, s.header, s.Channel, s.binding)) {
		if s.plus {
			return s.fail(&Error{Refused, "CHB-05", "other-channel"}, eBinding)
		}
		return s.fail(&Error{Refused, "SCR-11", "header-changed"}, eBinding)
	}
	if !env.Trace.Compare("nonce-check", m.nonce, s.nonce) {
		return s.fail(&Error{Refused, "SCR-12", "wrong-nonce"}, eOther)
	}
	stored, server, err := s.entry.keys(env, s.salt)
	if err != nil {
		return Result{}, err
	}
	comma := trace.Constant(",")
	auth := env.Trace.Concat("AuthMessage", s.bare, comma, s.message, comma, m.bare)
	signature := env.Trace.HMAC("ClientSignature", s.alg, stored, auth)
	clientKey := env.Trace.XOR("recovered-ClientKey", m.proof, signature)
	holds := env.Trace.Compare("StoredKey-check", env.Trace.Hash("recovered-StoredKey", s.alg, clientKey), stored)
	if err := s.outcome(env, holds); err != nil {
		return s.fail(err, eProof)
	}
	verifier := env.Trace.HMAC("ServerSignature", s.alg, server, auth)
	s.state = scramEnd
	return Result{Checked: true, Send: Send(env.Trace.Concat("server-final-message", trace.Constant("v="),
		env.Trace.Base64("verifier", verifier)))}, nil
}

// outcome says what comes of a comparison: the account and as whom it acts.
func (s *scramServer) outcome(env *Env, holds bool) *Error {
	if s.entry.unprovable == "" && !s.entry.fits() {
		return &Error{Transition, "AUTH-31", "other-verifier"}
	}
	var err error
	if err = s.entry.outcomePrepared(holds); err == nil {
		s.account = s.entry.account
		s.as, err = s.store.authorize(env, s.account, s.authcid, s.authzid)
	}
	if err != nil {
		return err.(*Error)
	}
	return nil
}
