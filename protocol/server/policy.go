package server

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// A Policy is everything a server decides before anybody connects.
type Policy struct {
	Host string `json:"host"` // its own name: greeting, EHLO reply, challenges
	Role Role   `json:"role"`
	Port int    `json:"-"` // where it listens; 0: its role's own

	Extensions []string `json:"extensions"` // keywords offered besides AUTH and SIZE, in order; HELP is answered only if offered
	MaxSize    int64    `json:"max_size"`   // octets of a message; 0: SIZE is not offered, DefaultMaxSize holds

	BeforeTLS  []string   `json:"mechanisms_before_tls"` // offered in clear text
	AfterTLS   []string   `json:"mechanisms_after_tls"`  // offered inside TLS
	WithoutTLS WithoutTLS `json:"auth_without_tls"`

	RequireAuth  bool           `json:"require_auth"`  // MAIL wants authentication first (RFC 6409 §4.3)
	LocalDomains []string       `json:"local_domains"` // mail for them is taken from anybody
	Accounts     []sasl.Account `json:"accounts"`

	Login     sasl.Prompts `json:"login"`
	Challenge string       `json:"challenge,omitempty"` // pins CRAM-MD5's; empty: fresh each time
	Nonce     string       `json:"nonce,omitempty"`     // pins the server's nonce of other mechanisms; empty: fresh each time

	SCRAMErrors bool            `json:"scram_errors,omitempty"` // SCRAM says e= before it fails (SCR-13)
	Realm       string          `json:"realm,omitempty"`        // DIGEST-MD5's; empty: none
	Tokens      sasl.TokenRules `json:"tokens,omitzero"`
	Domain      string          `json:"domain,omitempty"`       // NTLM: the name of its domain; empty: none
	NTLMv1      bool            `json:"ntlm_old,omitempty"`     // NTLM: takes responses of NTLMv1 too
	NTLMWords   bool            `json:"ntlm_words,omitempty"`   // NTLM: asks in words, against RFC 4954 (NTL-02)
	Keytab      sasl.Keytab     `json:"keytab,omitzero"`        // GSSAPI is offered where it has a key
	SRP6a       bool            `json:"srp_six_a,omitempty"`    // SRP as RFC 5054 computes it, not as the draft
	DigestAgain bool            `json:"digest_again,omitempty"` // DIGEST-MD5 takes the pinned nonce once more (DIG-16)

	Limits Limits `json:"limits"`

	// What makes it behave like a real one. The name is a label: no machine asks it.
	Dialect  string           `json:"dialect,omitempty"`
	Quirks   quirk.Set        `json:"quirks,omitempty"`
	Replies  map[Place]string `json:"replies,omitempty"`
	Keywords []string         `json:"keywords,omitempty"` // lines of the EHLO reply as they stand, but for those that list mechanisms (listing) and STARTTLS; empty: made of the above
}

// A Role is a preset's label. Submissions alone changes the machine: TLS comes
// before the greeting (RFC 8314 §3.3).
type Role string

const (
	Relay       Role = "relay"       // port 25
	Submission  Role = "submission"  // port 587
	Submissions Role = "submissions" // port 465
)

// Port is the port number that the role is known by.
func (r Role) Port() int {
	switch r {
	case Relay:
		return 25
	case Submission:
		return 587
	case Submissions:
		return 465
	}
	return 0
}

// WithoutTLS says how AUTH is refused when only TLS would make its mechanism
// available.
type WithoutTLS string

const (
	NotOffered   WithoutTLS = "not-offered" // 503 where no AUTH was listed, else 504
	Answer504    WithoutTLS = "504"         // RFC 4954 §4
	Answer530    WithoutTLS = "530"         // RFC 3207 §4: every command but a few
	Legacy538    WithoutTLS = "538"         // RFC 4954 §6 keeps it for history
	DefaultMax   int64      = 10 << 20      // octets
	defaultRcpts            = 100           // RFC 5321 §4.5.3.1.8
)

// Limits end a session. Zero: the default in brackets.
type Limits struct {
	Errors       int `json:"errors,omitempty"`        // refused commands before 421 [20]
	AuthFailures int `json:"auth_failures,omitempty"` // failed exchanges before 421 [3, the least RFC 4954 §9 allows]
	Recipients   int `json:"recipients,omitempty"`    // of one message [100]
	Line         int `json:"line,omitempty"`          // octets of a command line [by RFC 5321]
	Response     int `json:"response,omitempty"`      // octets of a line in an exchange [12,288]
}

func (l Limits) errors() int       { return orDefault(l.Errors, 20) }
func (l Limits) authFailures() int { return max(3, l.AuthFailures) }
func (l Limits) recipients() int   { return max(defaultRcpts, l.Recipients) }

func orDefault(n, d int) int {
	if n > 0 {
		return n
	}
	return d
}

func (p *Policy) maxSize() int64 {
	if p.MaxSize > 0 {
		return p.MaxSize
	}
	return DefaultMax
}

// has reports whether an extension is offered. SMTPUTF8 is not without
// 8BITMIME (RFC 6531 §3.1).
func (p *Policy) has(keyword string) bool {
	return slices.Contains(p.Extensions, keyword) &&
		(keyword != "SMTPUTF8" || slices.Contains(p.Extensions, "8BITMIME"))
}

// known are the names that a mechanism here bears (AUTH-02).
func known(names []string) (usable []string) {
	for _, name := range names {
		if m, ok := sasl.Lookup(name); ok {
			usable = append(usable, m.Name)
		}
	}
	return usable
}

// offers lists the mechanisms usable right now (AUTH-02), none once somebody
// has authenticated (AUTH-47), and only those for which the connection has what
// they need: -PLUS wants a channel binding (CHB-06). GSSAPI wants a key (GSS-07).
func (p *Policy) offers(s State) []string {
	if s.Authcid != "" && !p.Quirks.Has(quirk.AuthTwice) {
		return nil
	}
	listed := p.BeforeTLS
	if s.TLS {
		listed = p.AfterTLS
	}
	impossible := func(name string) bool {
		m, known := sasl.Lookup(name)
		return known && (!m.Possible(s.channel()) || m.Keyed && len(p.Keytab.Key) == 0)
	}
	if !slices.ContainsFunc(listed, impossible) {
		return slices.Clip(listed)
	}
	return slices.DeleteFunc(slices.Clone(listed), impossible)
}

// keywords are the lines of an EHLO reply after the first.
func (p *Policy) keywords(s State, offered []string) []string {
	offered = p.listed(s, offered)
	if len(p.Keywords) > 0 && len(offered) > 0 { // all of them, possible on this connection or not
		if offered = p.BeforeTLS; s.TLS || p.Quirks.Has(quirk.ListedEarly) {
			offered = p.AfterTLS
		}
	}
	if len(p.Keywords) > 0 {
		return p.ownKeywords(s, offered)
	}
	var lines []string
	for _, k := range p.Extensions {
		if p.has(k) && (k != "STARTTLS" || !s.TLS) { // TLS-01
			lines = append(lines, k)
		}
	}
	if p.MaxSize > 0 {
		lines = append(lines, "SIZE "+itoa(p.MaxSize))
	}
	if len(offered) > 0 {
		lines = append(lines, "AUTH "+strings.Join(offered, " "))
	}
	return lines
}

// keywords are the lines of an EHLO reply now; each quirk without which they
// would be others is noted.
func (s *Server) keywords() []string {
	lines := s.policy.keywords(s.state, s.policy.offers(s.state))
	for _, n := range s.policy.Quirks {
		p := *s.policy
		p.Quirks = s.policy.Quirks.Without(n)
		if !slices.Equal(p.keywords(s.state, p.offers(s.state)), lines) {
			s.quirks.Note(n)
		}
	}
	return lines
}

// listed are the mechanisms that an EHLO reply shows: those offered, unless a
// quirk has it otherwise.
func (p *Policy) listed(s State, offered []string) []string {
	switch {
	case s.Authcid != "" && !p.Quirks.Has(quirk.ListedAfter):
		return nil
	case s.Authcid != "":
		s.Authcid = ""
		return p.offers(s)
	case !s.TLS && p.Quirks.Has(quirk.ListedEarly):
		return p.AfterTLS
	}
	return offered
}

// ownKeywords are the policy's own lines, with what the state makes of them.
func (p *Policy) ownKeywords(s State, offered []string) (lines []string) {
	startTLS, auth := p.has("STARTTLS") && !s.TLS, len(offered) > 0
	for _, k := range p.Keywords {
		head, names, lists := listing(k)
		switch {
		case k == "STARTTLS":
			if startTLS {
				lines = append(lines, k)
			}
			startTLS = false
		case k == "REQUIRETLS" && !s.TLS:
		case lists:
			if len(names) == 0 {
				names = offered
			}
			if names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(offered, strings.ToUpper(n)) }); len(names) > 0 {
				lines = append(lines, head+strings.Join(names, " "))
			}
			auth = false
		default:
			lines = append(lines, k)
		}
	}
	if startTLS { // chosen since the lines were written
		lines = append(lines, "STARTTLS")
	}
	if auth {
		lines = append(lines, "AUTH "+strings.Join(offered, " "))
	}
	return lines
}

// listing takes a line that lists mechanisms apart: AUTH, and Exchange's older
// X-EXPS, each with a space or "=" behind it (AUTH-04). With names, it lists
// those of them that are offered; without, all that are.
func listing(line string) (head string, names []string, lists bool) {
	at := strings.IndexAny(line+" ", " =")
	if word := strings.ToUpper(line[:at]); word != "AUTH" && word != "X-EXPS" {
		return "", nil, false
	}
	rest := line[at:]
	head = line[:at] + " "
	if strings.HasPrefix(rest, "=") {
		head, rest = line[:at]+"=", rest[1:]
	}
	return head, strings.Fields(rest), true
}

// local reports whether mail for path is for this server itself.
func (p *Policy) local(path smtp.Path) bool {
	return path.Domain == "" || // <Postmaster>, CMD-16
		slices.ContainsFunc(p.LocalDomains, func(d string) bool { return strings.EqualFold(d, path.Domain) })
}
