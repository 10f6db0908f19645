// LOGIN, draft-murchison-sasl-login-00: two prompts, two answers.
//
//	S: Username:
//	C: tim
//	S: Password:
//	C: tanstaaftanstaaf
//
// Never a standard, always around. The name may come as initial response. The
// password crosses as it is: only for TLS, and where PLAIN is offered, PLAIN
// does the same in one message and can name an authzid.

package sasl

import (
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

var login = Mechanism{
	Name:        "LOGIN",
	Rule:        "LOG-03",
	Section:     "LOGIN draft §2.1",
	ClientFirst: true,
	Clear:       true,
	Facts:       Facts{CrossesPassword, GainsPassword, GainsGuesses, false, false, Legacy, "draft-murchison-sasl-login-00"},
	Client: func(c Credentials, o ClientOptions) Exchange {
		return &loginClient{Credentials: c, common: o.common(), LoginClient: o.Login}
	},
	Server: func(s *Store, o ServerOptions) Exchange { return &loginServer{store: s, prompts: o.Login} },
}

// The prompts that clients with quirk.LoginExact insist on.
const (
	loginUsername = "Username:"
	loginPassword = "Password:"
)

// loginNameLimit is in characters: a name is shorter (draft §2.1).
const loginNameLimit = 64

// LoginClient are choices of LOGIN's client.
type LoginClient struct {
	Initial bool  // the name goes on the AUTH line
	Prompts Asked // the prompts that quirk.LoginKnown answers; empty: all
}

// Asked are the prompts of LOGIN that a client answers.
type Asked struct {
	Username []string `json:"username,omitempty"`
	Password []string `json:"password,omitempty"`
}

// Prompts are LOGIN's two challenges, text or empty.
type Prompts struct {
	Username  string `json:"username"`
	Password  string `json:"password"`
	NoInitial bool   `json:"no_initial,omitempty"` // refuse the name on the AUTH line
	Third     string `json:"third,omitempty"`      // one more, whose answer nobody reads; empty: none
}

type loginState uint8

const (
	loginStart    loginState = iota
	loginAsked               // server, next: the name, now that it is asked for
	loginNameSent            // both, next: the password
	loginMore                // server, next: an answer that is not read
	loginDone
)

type loginClient struct {
	Credentials
	common
	LoginClient
	state loginState
}

func (c *loginClient) Next(env *Env, challenge Message) (Result, error) {
	switch c.state {
	case loginStart:
		if err := c.check(); err != nil {
			c.state = loginDone
			return Result{}, err
		}
		if !challenge.Present && !c.Initial {
			return Result{}, nil
		}
		if challenge.Present && (!c.agreed(env, challenge, loginUsername) || !c.answers(c.Prompts.Username, challenge)) {
			return Result{}, &Error{Peer, "LOG-03", "prompt"}
		}
		c.state = loginNameSent
		return Result{Send: Send(env.Trace.Text("authcid", c.Authcid, trace.Client))}, nil
	case loginNameSent:
		if !c.agreed(env, challenge, loginPassword) || !c.answers(c.Prompts.Password, challenge) {
			return Result{}, &Error{Peer, "LOG-03", "prompt"}
		}
		c.state = loginDone
		return Result{Send: Send(env.Trace.Text("passwd", c.Password.Text, trace.Client)), Done: true}, nil
	}
	return Result{}, ErrOutOfStep
}

// agreed reports whether the client goes on after a prompt: whatever it says,
// unless it insists. After false the exchange is over.
func (c *loginClient) agreed(env *Env, challenge Message, prompt string) bool {
	if c.Quirks.Asks(quirk.LoginExact) && !env.Trace.Compare("prompt-check", challenge.Value, trace.Constant(prompt)) {
		c.Quirks.Note(quirk.LoginExact)
		c.state = loginDone
		return false
	}
	return true
}

// answers reports whether a prompt is one of those that the client knows. After
// false the exchange is over.
func (c *loginClient) answers(known []string, challenge Message) bool {
	if len(known) > 0 && !slices.Contains(known, string(challenge.Octets)) && c.Quirks.Does(quirk.LoginKnown) {
		c.state = loginDone
		return false
	}
	return true
}

// check reports why the credentials cannot be sent (draft §2).
func (c *loginClient) check() error {
	switch {
	case c.Password.Withheld:
		return &Error{Local, "", "withheld"}
	case c.Authcid == "" || c.Password.Text == "":
		return &Error{Local, "LOG-06", "empty"}
	case !utf8.ValidString(c.Authcid) || !utf8.ValidString(c.Password.Text):
		return &Error{Local, "LOG-06", "not-utf8"}
	case utf8.RuneCountInString(c.Authcid) >= loginNameLimit:
		return &Error{Local, "LOG-06", "name-too-long"}
	case strings.ContainsAny(c.Authcid+c.Password.Text, "\x00\r\n"):
		return &Error{Local, "LOG-06", "nul-or-line-end"}
	}
	return nil
}

type loginServer struct {
	state   loginState
	store   *Store
	prompts Prompts
	name    trace.Value
	passwd  trace.Value
}

func (s *loginServer) Next(env *Env, response Message) (Result, error) {
	switch s.state {
	case loginStart:
		if !response.Present {
			s.state = loginAsked
			return Result{Send: Send(env.Trace.Text("username-prompt", s.prompts.Username, 0))}, nil
		}
		if s.prompts.NoInitial {
			s.state = loginDone
			return Result{}, &Error{Unwanted, "LOG-05", "initial-response"}
		}
		fallthrough
	case loginAsked:
		// An unknown name is not told before the password came.
		s.state, s.name = loginNameSent, response.Value
		return Result{Send: Send(env.Trace.Text("password-prompt", s.prompts.Password, 0))}, nil
	case loginNameSent:
		if s.prompts.Third != "" {
			s.state, s.passwd = loginMore, response.Value
			return Result{Send: Send(env.Trace.Text("password-prompt", s.prompts.Third, 0))}, nil
		}
		s.state = loginDone
		return s.verify(env, response.Value)
	case loginMore:
		s.state = loginDone
		return s.verify(env, s.passwd)
	}
	return Result{}, ErrOutOfStep
}

// verify checks both answers. Names longer than the draft's are taken: mail
// addresses in use are.
func (s *loginServer) verify(env *Env, passwd trace.Value) (Result, error) {
	authcid, reason := prepare(env.Trace, "authcid-prepared", s.name)
	if reason != "" {
		return Result{}, &Error{Refused, "SAS-03", reason}
	}
	if passwd, reason = prepare(env.Trace, "passwd-prepared", passwd); reason != "" {
		return Result{}, &Error{Refused, "SAS-03", reason}
	}
	account, err := s.store.verify(env, authcid, passwd)
	if err != nil {
		return Result{}, err
	}
	return Result{Checked: true, Done: true, Authcid: account.Name, Authzid: account.Name}, nil
}
