package view

import (
	"slices"
	"unicode"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// An Ending is what a run comes to.
type Ending struct {
	Proved []Words // empty for who cannot know
	Heard  Words   // by a listener
	Ways   []Way
}

// A Way leads on from the end of a run.
type Way string

const (
	OneLetter Way = "letter" // the client's password, one letter changed
	RightOnes Way = "right"  // the name and the password that the server has
	InClear   Way = "clear"  // the same log-in without TLS
	WithTLS   Way = "tls"    // the same log-in with TLS
	AsHeard   Way = "heard"  // the listener's view
	AllOfIt   Way = "all"    // the view of both sides
)

// Ending says what a run has come to. The story must be the whole one.
func (s *Story) Ending(from Vantage, setup session.Setup) Ending {
	last := len(s.frames) - 1
	e := Ending{Heard: say("ui.got." + s.got())}
	if from != Listener {
		e.Proved = s.proved(from, setup)
	}
	if s.any(func(f *session.Frame) bool { return f.Kind == session.Check }) && !noPassword(setup) {
		switch kind := s.lastRefusal(from); {
		case s.frames[last].ServerState.Authcid != "":
			e.Ways = append(e.Ways, OneLetter)
		case kind == problem.Credentials, kind == problem.Unclear, kind == "":
			e.Ways = append(e.Ways, RightOnes)
		}
	}
	e.Ways = append(e.Ways, Other(setup))
	if from == Listener {
		return Ending{e.Proved, e.Heard, append(e.Ways, AllOfIt)}
	}
	return Ending{e.Proved, e.Heard, append(e.Ways, AsHeard)}
}

// Other is the way to the same log-in in clear text, or from there to TLS.
func Other(setup session.Setup) Way {
	if setup.Client.TLS == client.NoTLS || setup.Client.TLS == client.IfOffered {
		return WithTLS
	}
	return InClear
}

// Checked is the frame in which the server checks what the client has proved;
// without one, the last.
func (s *Story) Checked() int {
	for i := range s.frames {
		if s.frames[i].Kind == session.Check {
			return i
		}
	}
	return len(s.frames) - 1
}

func (s *Story) any(is func(*session.Frame) bool) bool {
	for i := range s.frames {
		if is(&s.frames[i]) {
			return true
		}
	}
	return false
}

func (s *Story) got() string {
	switch s.Listens(len(s.frames) - 1) {
	case Has:
		return "password"
	case Guess:
		return "proof"
	}
	if s.any(func(f *session.Frame) bool { return f.TLS != nil }) {
		return "sizes"
	}
	return "lines"
}

// proved says who has proved what to whom.
func (s *Story) proved(from Vantage, setup session.Setup) []Words {
	user, mechanism, verified, secured := "", "", "", false
	anonymous, mutual := false, false
	for i := range s.frames {
		f := &s.frames[i]
		if f.ServerState.Authcid != "" {
			user = f.ServerState.Authcid
		}
		if f.ClientState.Mechanism != "" && user == "" {
			mechanism = f.ClientState.Mechanism
		}
		if f.TLS != nil {
			secured = true
			if f.TLS.Verified {
				verified = f.TLS.ServerName
			}
		}
		anonymous = anonymous || f.ServerState.Anonymous
		mutual = mutual || f.ClientState.Authenticated
	}
	m, _ := sasl.Lookup(mechanism)
	refused := s.lastRefusal(from)
	var all []Words
	switch {
	case anonymous:
		all = append(all, say("ui.proved.anonymous"))
	case user != "" && m.Facts.Crosses == sasl.CrossesToken:
		all = append(all, say("ui.proved.token", "user", user))
	case user != "" && m.Keyed:
		all = append(all, say("ui.proved.ticket", "user", user))
	case user != "" && m.Facts.Crosses == sasl.CrossesNothing:
		all = append(all, say("ui.proved.certificate", "user", user))
	case user != "" && m.Clear:
		all = append(all, say("ui.proved.told", "user", user))
	case user != "":
		all = append(all, say("ui.proved.unsaid", "user", user))
	case refused == problem.Credentials:
		all = append(all, say("ui.proved.refused"))
	case refused != "":
		all = append(all, say("ui.proved.refused."+string(refused)))
	default:
		all = append(all, say("ui.proved.nobody"))
	}
	if user != "" && m.Facts.Mutual && mutual && from != OfServer {
		all = append(all, say("ui.proved.server", "user", user))
	}
	switch {
	case from == OfServer:
	case verified != "":
		all = append(all, say("ui.proved.host", "host", verified))
	case !secured:
		all = append(all, say("ui.proved.no-host", "host", setup.Client.Host))
	}
	return all
}

// Go changes a set-up as the way asks, if it asks for a change.
func (w Way) Go(s *session.Setup) {
	switch w {
	case OneLetter:
		scenario.SetPassword(s, oneLetter(s.Client.User.Password.Text))
	case RightOnes:
		accounts := s.Server.Accounts
		at := slices.IndexFunc(accounts, func(a sasl.Account) bool { return a.Name == s.Client.User.Authcid })
		if at = max(at, 0); at < len(accounts) {
			scenario.SetUser(s, accounts[at].Name)
			s.Client.User.Password = accounts[at].Password
		}
	case InClear:
		scenario.SetProtection(s, client.NoTLS)
	case WithTLS:
		scenario.SetProtection(s, client.StartTLS)
	}
}

// oneLetter changes the case of the last letter, or, without one, the last
// character.
func oneLetter(text string) string {
	letters := []rune(text)
	for i := len(letters) - 1; i >= 0; i-- {
		swapped := unicode.ToUpper(letters[i])
		if swapped == letters[i] {
			swapped = unicode.ToLower(letters[i])
		}
		if swapped != letters[i] {
			letters[i] = swapped
			return string(letters)
		}
	}
	if n := len(letters); n > 0 && letters[n-1] != '1' {
		return string(letters[:n-1]) + "1"
	} else if n > 0 {
		return string(letters[:n-1]) + "2"
	}
	return "x"
}

// Reprotect puts a set-up's protection back to what it was before.
func Reprotect(s *session.Setup, before session.Setup) {
	s.Client.TLS, s.Client.InClear = before.Client.TLS, before.Client.InClear
	s.Server.Role, s.Server.RequireAuth, s.Server.Extensions = before.Server.Role, before.Server.RequireAuth, before.Server.Extensions
	s.Server.BeforeTLS, s.Server.WithoutTLS = before.Server.BeforeTLS, before.Server.WithoutTLS
}

// SamePlace is the frame of another run of a session that corresponds to frame
// at of one: with TLS and without, the same line has another number.
func (s *Story) SamePlace(at int, other *Story) int {
	if at == len(s.frames)-1 {
		return len(other.frames) - 1
	}
	phase, nth := s.frames[at].Phase, 0
	for i := range s.frames[:at] {
		if s.frames[i].Phase == phase {
			nth++
		}
	}
	place := 0
	for i := range other.frames {
		switch p := other.frames[i].Phase; {
		case p == phase:
			place = i
			if nth--; nth < 0 {
				return place
			}
		case nth >= 0 && slices.Index(session.Phases, p) < slices.Index(session.Phases, phase):
			place = i
		}
	}
	return place
}
