// Package sasl holds the SASL mechanisms (RFC 4422), one file each with both
// halves. A mechanism knows no base64 and no reply codes: those are SMTP's.
package sasl

import (
	"io"
	"slices"
	"time"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

// Env is everything a mechanism takes from outside.
type Env struct {
	Rand  io.Reader
	Now   func() time.Time
	Trace *trace.Recorder // nil: compute, note nothing
	// KDC asks a key distribution centre (RFC 4120 §3.1): an AS-REQ in, an AS-REP
	// or a KRB-ERROR out. Nil: there is none, and GSSAPI is not possible.
	KDC func(request []byte) ([]byte, error)
	// Work is how much may yet be computed, in iterations of PBKDF2; nil: as much
	// as is asked for. Both halves may share one.
	Work *int
}

// A Message is a challenge or a response. Absent and empty differ: RFC 4954 §4
// writes an absent initial response as nothing and an empty one as "=".
type Message struct {
	trace.Value
	Present bool
}

// Send returns the message that carries v, which may be empty.
func Send(v trace.Value) Message { return Message{v, true} }

// A Result is what one half says to a message of the other.
type Result struct {
	Send Message // for the peer; absent when there is nothing to say
	Done bool    // this half has all it wants: for a server, success
	// Checked says that what the peer sent was put to the proof and is right:
	// a step of its own. It comes before Done where messages follow.
	Checked bool
	// Open is set by a client with Done that may yet be told why it is refused:
	// then it has one thing more to say, and success after that is not believed.
	Open bool
	// Refused is set by a server that has found the peer wrong and tells it so
	// in Send; the next call returns the same Error, whatever the peer says.
	Refused *Error
	// Set by a server with Done: who proved it, and as whom it acts. Authzid
	// is the authcid where the client asked for none (RFC 4422 §3.4.1).
	Authcid, Authzid string
	Layer            bool // a security layer begins behind the outcome: none is done here
	Anonymous        bool // nobody was proved: Authcid is a word, not a name (ANO-03)
}

// An Exchange is one half of a mechanism in one run. The first call of the
// half that speaks first gets an absent message. A server of a client-first
// mechanism that is called without an initial response asks with an empty
// challenge. After an error, or after Done, Next returns ErrOutOfStep.
type Exchange interface {
	Next(env *Env, received Message) (Result, error)
}

// A Mechanism is a name and how to make its halves.
type Mechanism struct {
	Name        string // as registered: "CRAM-MD5"
	ClientFirst bool   // may take an initial response; otherwise one is refused (RFC 4954 §4)
	Clear       bool   // the password crosses as it is: only for TLS (RFC 4954 §9)
	Keyed       bool   // the server has to hold a key of its own (GSS-07)
	// Words are what some servers write behind 334, not in base64, instead of
	// asking for the first response with an empty challenge; a client decodes
	// nothing there (NTL-02, NTL-03). Empty: nobody does.
	Words   string
	Resumes bool // takes an initial response where both sides remember a log-in before (DIG-16)
	// Available reports whether the connection has what the mechanism needs of
	// it; nil: it needs nothing.
	Available func(Channel) bool
	Facts     Facts
	Rule      string // the rule of spec/rules.md that says what the client sends
	Section   string // and where it comes from
	// Checks and ChecksSection name the rule by which the client checks the
	// server; empty where it cannot.
	Checks, ChecksSection string
	Client                func(Credentials, ClientOptions) Exchange
	Server                func(*Store, ServerOptions) Exchange
	guess                 []string
}

// Guess returns labels of values: who heard them all can try passwords on them at
// home, as many as time allows. Empty: there is nothing to try them on.
func (m Mechanism) Guess() []string { return slices.Clone(m.guess) }

// Possible reports whether m can be used on a connection.
func (m Mechanism) Possible(c Channel) bool { return m.Available == nil || m.Available(c) }

// ByPassword reports whether a name and a password are all that m needs.
func (m Mechanism) ByPassword() bool {
	return m.Facts.Crosses == CrossesPassword || m.Facts.Crosses == CrossesProof
}

// Credentials are what a client knows.
type Credentials struct {
	Authcid  string `json:"authcid"`
	Authzid  string `json:"authzid,omitempty"` // empty: none is sent (RFC 4422 §3.4.1)
	Password Secret `json:"password"`
	Token    Secret `json:"token,omitzero"` // XOAUTH2, OAUTHBEARER: stands for the password
}

// ClientOptions are choices the RFCs leave to the client, or quirks: those that
// several mechanisms have, and those of one, which no other sees.
type ClientOptions struct {
	Host    string // the server's name as its user typed it
	Channel Channel
	Nonce   string        // pins the client's nonce for a lesson; empty: fresh each time
	Quirks  *quirk.Record // departures, which the machine notes

	Login  LoginClient
	Digest DigestClient
	SCRAM  SCRAMClient
	NTLM   NTLMClient
	OAuth  OAuthClient
	SRP    SRPOptions
}

// ServerOptions are choices the RFCs leave to the server, or quirks, as those of a
// client.
type ServerOptions struct {
	Host    string // its own name, for challenges
	Channel Channel
	Nonce   string        // pins the server's nonce for a lesson; empty: fresh each time
	Quirks  *quirk.Record // departures, which the machine notes

	Login   Prompts
	CRAMMD5 CRAMMD5Server
	Digest  DigestServer
	SCRAM   SCRAMServer
	NTLM    NTLMServer
	OAuth   OAuthServer
	GSSAPI  GSSAPIServer
	SRP     SRPOptions
}

// common is what several mechanisms take of the options.
type common struct {
	Host    string
	Channel Channel
	Nonce   string
	Quirks  *quirk.Record
}

func (o *ClientOptions) common() common { return common{o.Host, o.Channel, o.Nonce, o.Quirks} }
func (o *ServerOptions) common() common { return common{o.Host, o.Channel, o.Nonce, o.Quirks} }
