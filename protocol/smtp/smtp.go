// Package smtp holds the words of SMTP on the wire: commands, replies, paths,
// parameters, and the lines that carry them. It keeps no session: what may be
// said when is for the server and the client.
//
// A fault is named by an id of the list of rules ("CMD-14"); the reply to it is
// chosen by whoever answers.
package smtp

// Limits in octets. A line is counted with its CR LF.
const (
	MaxCommandLine = 512   // RFC 5321 §4.5.3.1.4
	MaxReplyLine   = 512   // RFC 5321 §4.5.3.1.5
	MaxTextLine    = 1000  // RFC 5321 §4.5.3.1.6, without the dot that was added
	MaxAuthLine    = 12288 // RFC 4954 §4, a line of an AUTH exchange
	MaxLocalPart   = 64    // RFC 5321 §4.5.3.1.1, as typed
	MaxDomain      = 255   // RFC 5321 §4.5.3.1.2
	MaxPath        = 256   // RFC 5321 §4.5.3.1.3, with angle brackets and source route

	MaxMechanism = 20 // RFC 4422 §3.1
)

// What an extension that is offered adds to MaxCommandLine for MAIL, in octets.
const (
	MailAuth     = 500 // RFC 4954 §3
	MailSize     = 26  // RFC 1870 §3
	Mail8BitMIME = 17  // RFC 6152 §2
	MailSMTPUTF8 = 10  // RFC 6531 §3.1
)

// Limits of our own, so that no peer makes a buffer grow (REP-08, CMD-24).
const (
	MaxChallengeLine = len("334 ") + MaxAuthLine + len("\r\n") // a reply line with code 334
	MaxReplyLines    = 100                                     // lines of one reply
)

// A SyntaxError is a fault in what a client sent.
type SyntaxError struct {
	Rule string // id of the rule that was broken
}

func (e *SyntaxError) Error() string { return "smtp: " + e.Rule }

// A ReplyError is a fault in what a server sent. No reply after it can be
// trusted.
type ReplyError struct {
	Rule string // id of the rule that was broken
}

func (e *ReplyError) Error() string { return "smtp: " + e.Rule }

func broken(rule string) error { return &SyntaxError{Rule: rule} }
