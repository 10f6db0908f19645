package view

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/web/link"
)

// An Ending is what a run comes to.
type Ending struct {
	Proved []Words // empty for who cannot know
	Heard  []Words // by a listener
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
	e := Ending{Heard: s.got(from), Ways: append(s.ways(from, setup), AsHeard)}
	if from == Listener {
		e.Ways[len(e.Ways)-1] = AllOfIt
	} else {
		e.Proved = s.proved(from, setup)
	}
	return e
}

// ways are those that lead to another run.
func (s *Story) ways(from Vantage, setup session.Setup) (all []Way) {
	checked := s.any(func(f *session.Frame) bool {
		return f.Kind == session.Check && f.Side == session.Server && byPassword(f.ServerState.Mechanism)
	})
	switch last := s.frames[len(s.frames)-1]; {
	case !checked:
	case last.ServerState.Authcid != "":
		all = append(all, OneLetter)
	case s.aboutCredentials(from) && RightOnes.changes(setup):
		all = append(all, RightOnes)
	}
	return append(all, s.Other(setup))
}

// aboutCredentials tells whether other credentials may be what is wanted.
func (s *Story) aboutCredentials(from Vantage) bool {
	kind := s.lastRefusal(from)
	return kind == problem.Credentials || kind == problem.Unclear || kind == ""
}

// byPassword tells whether it matters to a mechanism what password there is.
func byPassword(mechanism string) bool {
	m, known := sasl.Lookup(mechanism)
	return known && m.Facts.Thief != sasl.GainsNothing
}

// changes tells whether a way leads to another set-up.
func (w Way) changes(setup session.Setup) bool {
	before := link.ValuesOf(setup, nil)
	w.Go(&setup)
	return !maps.Equal(before, link.ValuesOf(setup, nil))
}

// Other is the way to the same log-in in clear text, or from there to TLS. A
// client that takes TLS where it is offered, and has begun it, would do so again.
func (s *Story) Other(setup session.Setup) Way {
	begun := s.any(func(f *session.Frame) bool { return f.Kind == session.Handshake })
	if tls := setup.Client.TLS; tls == client.NoTLS || tls == client.IfOffered && !begun {
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

// got is what a listener has, and what somebody in the middle of TLS has, where
// he can be seen.
func (s *Story) got(from Vantage) (all []Words) {
	secured := s.any(func(f *session.Frame) bool { return f.TLS != nil })
	switch heard := s.Listens(len(s.frames) - 1); {
	case heard == Has:
		all = append(all, say("ui.got.password"))
	case heard == Guess:
		all = append(all, say("ui.got.proof"))
	case secured && s.Intercepted() && (from == Both || from == Listener):
		all = append(all, say("ui.got.middle"))
	case secured:
		all = append(all, say("ui.got.sizes"))
	default:
		all = append(all, say("ui.got.lines"))
	}
	return append(all, s.certificates(len(s.frames)-1)...)
}

// certificates says whose certificate a listener has read up to frame at: before
// TLS 1.3 they are sent in clear text (RFC 5246 §7.4.2, RFC 8446 §4.4.2).
func (s *Story) certificates(at int) []Words {
	for i := range s.frames[:at+1] {
		f := &s.frames[i]
		shown := slices.ContainsFunc(f.Wire, func(c session.Chunk) bool {
			return slices.ContainsFunc(c.Records, func(r tlslink.Record) bool {
				return !r.Sealed && slices.ContainsFunc(r.Messages, func(m tlslink.Message) bool { return m.Type == "certificate" })
			})
		})
		switch {
		case shown && f.TLS != nil && f.TLS.Client != "":
			return []Words{say("ui.heard.certificates", "user", f.TLS.Client)}
		case shown:
			return []Words{say("ui.heard.certificate")}
		}
	}
	return nil
}

// proved says who has proved what to whom.
func (s *Story) proved(from Vantage, setup session.Setup) []Words {
	user, mechanism, verified, secured := "", "", "", false
	anonymous, checked := false, false
	server := "" // what came of the client's check of the server, if there was one
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
		if v := check(f); v != nil && f.Side == session.Server {
			checked = v.holds
		} else if v != nil && v.holds {
			server = "server"
		} else if v != nil {
			server = "impostor"
		}
		anonymous = anonymous || f.ServerState.Anonymous
	}
	m, _ := sasl.Lookup(mechanism)
	if server == "server" && m.Keyed {
		server = "service"
	}
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
	case checked && from != OfClient:
		all = append(all, say("ui.proved.checked", "user", setup.Client.User.Authcid))
	case server == "":
		all = append(all, say("ui.proved.nobody"))
	}
	if server != "" && from != OfServer {
		all = append(all, say("ui.proved."+server, "user", setup.Client.User.Authcid, "host", setup.Client.Host))
	}
	switch {
	case from == OfServer:
	case verified != "":
		all = append(all, say("ui.proved.host", "host", verified))
		if from == Both && s.Intercepted() {
			all = append(all, say("ui.proved.middle"))
		}
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
	s.Server.BeforeTLS, s.Server.WithoutTLS, s.Server.Keywords = before.Server.BeforeTLS, before.Server.WithoutTLS, before.Server.Keywords
	if len(before.Server.AfterTLS) == 0 {
		s.Server.AfterTLS = before.Server.AfterTLS
	}
}

// Protects tells whether a slot is of what Reprotect puts back; empty: of any.
func Protects(slot Slot) bool {
	name, _, _ := strings.Cut(string(slot), " ")
	return slices.Contains([]Slot{"", Protection, Port, SlotClientTLS, SlotInClear, SlotStartTLS, SlotRequireAuth, SlotWithoutTLS,
		SlotBeforeTLS, SlotAfterTLS}, Slot(name))
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
