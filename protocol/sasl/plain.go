// PLAIN, RFC 4616: one message.
//
//	S: (empty challenge, unless the message is the initial response)
//	C: [authzid] NUL authcid NUL passwd
//
// The password crosses as it is: only for TLS. In return the server need not
// keep it.

package sasl

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

var plain = Mechanism{
	Name:        "PLAIN",
	Rule:        "PLA-01",
	Section:     "RFC 4616 §2",
	ClientFirst: true,
	Clear:       true,
	Facts:       Facts{CrossesPassword, GainsPassword, GainsGuesses, false, false, Today, "RFC 4616"},
	Client:      func(c Credentials, _ ClientOptions) Exchange { return &plainClient{Credentials: c} },
	Server:      func(s *Store, o ServerOptions) Exchange { return &plainServer{store: s, quirks: o.Quirks} },
}

type plainState uint8

const (
	plainStart   plainState = iota
	plainMessage            // next: the message, now that it is asked for
	plainDone
)

type plainClient struct {
	Credentials
	state plainState
}

func (c *plainClient) Next(env *Env, challenge Message) (Result, error) {
	if c.state != plainStart {
		return Result{}, ErrOutOfStep
	}
	c.state = plainDone
	if len(challenge.Octets) > 0 {
		return Result{}, &Error{Peer, "AUTH-15", "challenge-not-empty"}
	}
	if err := c.check(); err != nil {
		return Result{}, err
	}
	authzid := trace.Constant("")
	if c.Authzid != "" {
		authzid = env.Trace.Text("authzid", c.Authzid, trace.Client)
	}
	authcid := env.Trace.Text("authcid", c.Authcid, trace.Client)
	passwd := env.Trace.Text("passwd", c.Password.Text, trace.Client)
	nul := trace.Constant("\x00")
	return Result{Send: Send(env.Trace.Concat("message", authzid, nul, authcid, nul, passwd)), Done: true}, nil
}

// check reports why the credentials do not fit the grammar (RFC 4616 §2).
func (c *plainClient) check() error {
	if c.Password.Withheld {
		return &Error{Local, "", "withheld"}
	}
	for _, field := range []string{c.Authzid, c.Authcid, c.Password.Text} {
		if strings.Contains(field, "\x00") {
			return &Error{Local, "PLA-05", "nul"}
		}
		if !utf8.ValidString(field) {
			return &Error{Local, "PLA-01", "not-utf8"}
		}
	}
	if c.Authcid == "" || c.Password.Text == "" {
		return &Error{Local, "PLA-02", "empty"}
	}
	return nil
}

type plainServer struct {
	state  plainState
	store  *Store
	quirks *quirk.Record
}

func (s *plainServer) Next(env *Env, response Message) (Result, error) {
	switch s.state {
	case plainStart:
		if !response.Present {
			s.state = plainMessage
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case plainMessage:
		s.state = plainDone
		return s.verify(env, response.Value)
	}
	return Result{}, ErrOutOfStep
}

// verify takes the message apart and checks who proves and as whom.
func (s *plainServer) verify(env *Env, message trace.Value) (Result, error) {
	if !utf8.Valid(message.Octets) || bytes.Count(message.Octets, []byte{0}) != 2 {
		return Result{}, &Error{Refused, "PLA-02", "malformed"}
	}
	first, last := bytes.IndexByte(message.Octets, 0), bytes.LastIndexByte(message.Octets, 0)
	authzid := env.Trace.Cut("authzid", message, 0, first)
	authcid := env.Trace.Cut("authcid", message, first+1, last)
	passwd := env.Trace.Cut("passwd", message, last+1, len(message.Octets))
	if len(authcid.Octets) == 0 || len(passwd.Octets) == 0 {
		return Result{}, &Error{Refused, "PLA-02", "empty"}
	}
	authcid, reason := prepare(env.Trace, "authcid-prepared", authcid)
	if reason != "" {
		return Result{}, &Error{Refused, "PLA-04", reason}
	}
	passwd, reason = prepare(env.Trace, "passwd-prepared", passwd)
	if reason != "" {
		return Result{}, &Error{Refused, "PLA-04", reason}
	}
	if len(authzid.Octets) > 0 && !s.quirks.Asks(quirk.AuthzidIgnored) {
		if authzid, reason = prepare(env.Trace, "authzid-prepared", authzid); reason != "" {
			return Result{}, &Error{Refused, "SAS-03", reason}
		}
	}
	account, err := s.store.verify(env, authcid, passwd)
	if err != nil {
		return Result{}, err
	}
	if !bytes.Equal(authzid.Octets, authcid.Octets) && len(authzid.Octets) > 0 && s.quirks.Does(quirk.AuthzidIgnored) {
		authzid = trace.Constant("")
	}
	as, err := s.store.authorize(env, account, authcid, authzid)
	if err != nil {
		return Result{}, err
	}
	return Result{Checked: true, Done: true, Authcid: account.Name, Authzid: as}, nil
}
