// ANONYMOUS, RFC 4505: nobody is proved; the client may leave a trace.
//
//	S: (empty challenge, unless the message is the initial response)
//	C: sirhc   (a mailbox, or text without "@" of 1 to 255 characters, or nothing)
//
// The trace is for a log. It is no identity: who logs in so may do what anybody
// may, and not relay.

package sasl

import (
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/trace"
)

var anonymous = Mechanism{
	Name: "ANONYMOUS", Rule: "ANO-01", Section: "RFC 4505 §2", ClientFirst: true,
	Facts:  Facts{CrossesNothing, GainsNothing, GainsNothing, false, false, Today, "RFC 4505"},
	Client: func(c Credentials, _ ClientOptions) Exchange { return &anonymousClient{Credentials: c} },
	Server: func(*Store, ServerOptions) Exchange { return &anonymousServer{} },
}

const (
	anonymousName  = "anonymous" // what a session without a user is called
	anonymousLimit = 255         // characters of a trace without "@"
	mailboxLimit   = 254         // octets of one with (RFC 5321 §4.5.3.1.3, less the brackets)
)

type anonymousState uint8

const (
	anonymousStart anonymousState = iota
	anonymousAsked                // server, next: the message, now that it is asked for
	anonymousDone
)

type anonymousClient struct {
	Credentials
	state anonymousState
}

// Next leaves the authcid as trace.
func (c *anonymousClient) Next(env *Env, challenge Message) (Result, error) {
	if c.state != anonymousStart {
		return Result{}, ErrOutOfStep
	}
	c.state = anonymousDone
	if len(challenge.Octets) > 0 {
		return Result{}, &Error{Peer, "AUTH-15", "challenge-not-empty"}
	}
	if c.Authcid == "" {
		return Result{Send: Send(trace.Constant("")), Done: true}, nil
	}
	text, ok := checkTrace(env, env.Trace.Text("trace-text", c.Authcid, trace.Client))
	if !ok {
		return Result{}, &Error{Local, "ANO-02", "trace"}
	}
	return Result{Send: Send(text), Done: true}, nil
}

// checkTrace reports whether a text that is not empty may be a trace.
func checkTrace(env *Env, text trace.Value) (trace.Value, bool) {
	if local, domain, mailbox := strings.Cut(text.String(), "@"); mailbox {
		if local == "" || domain == "" || strings.Contains(domain, "@") || len(text.Octets) > mailboxLimit {
			return text, false
		}
	} else if utf8.RuneCount(text.Octets) > anonymousLimit {
		return text, false
	}
	text, err := env.Trace.PrepareTrace("trace-prepared", text)
	return text, err == nil
}

type anonymousServer struct{ state anonymousState }

func (s *anonymousServer) Next(env *Env, response Message) (Result, error) {
	switch s.state {
	case anonymousStart:
		if !response.Present {
			s.state = anonymousAsked
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case anonymousAsked:
		s.state = anonymousDone
		if len(response.Octets) > 0 {
			if _, ok := checkTrace(env, response.Value); !ok {
				return Result{}, &Error{Refused, "ANO-02", "trace"}
			}
		}
		return Result{Checked: true, Done: true, Authcid: anonymousName, Authzid: anonymousName, Anonymous: true}, nil
	}
	return Result{}, ErrOutOfStep
}
