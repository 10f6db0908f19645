package view

import (
	"errors"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/strictjson"
)

// changeMore puts a value into a slot of the drawer. What the slot cannot take
// is left out; whether a session can be made of the set-up is for Check.
func changeMore(s *session.Setup, slot Slot, value string) {
	name, of, _ := strings.Cut(string(slot), " ")
	value = meant(value)
	yes := value != ""
	switch Slot(name) {
	case SlotAuthzid:
		s.Client.User.Authzid = value
	case SlotInsist:
		s.Client.Insist = yes
	case SlotClientTLS:
		s.Client.TLS = client.TLS(value)
	case SlotInClear:
		s.Client.InClear = yes
	case SlotInitial:
		s.Client.Initial = yes
	case SlotWhen:
		s.Client.When = client.When(value)
	case SlotGiveUp:
		s.Client.Cancel = yes
	case SlotStartTLS:
		scenario.SetStartTLS(s, yes)
	case SlotRequireAuth:
		s.Server.RequireAuth = yes
	case SlotWithoutTLS:
		s.Server.WithoutTLS = server.WithoutTLS(value)
	case SlotBeforeTLS, SlotAfterTLS:
		scenario.SetOffered(s, Slot(name) == SlotAfterTLS, of, yes)
	case SlotFirstPrompt:
		s.Server.Login.Username = prompt(value)
	case SlotSecondPrompt:
		s.Server.Login.Password = prompt(value)
	case SlotChallenge:
		s.Server.Challenge = value
	case SlotSeed:
		s.Seed = value
	case SlotStored:
		scenario.SetStored(s, sasl.Stored(value))
	case SlotAccountName, SlotStoredPassword, SlotActAs:
		changeAccount(s, Slot(name), of, value)
	case SlotCertHost:
		s.TLS.Certificate.Host = value
	case SlotCertExpired:
		s.TLS.Certificate.Expired = yes
	case SlotClientMin:
		s.TLS.ClientMin = value
	case SlotServerMax:
		s.TLS.ServerMax = value
	case SlotSendMail, SlotFrom, SlotTo, SlotMessageText:
		changeMail(s, Slot(name), value)
	}
}

func changeAccount(s *session.Setup, slot Slot, of, value string) {
	number, err := strconv.Atoi(of)
	if err != nil || number < 0 {
		return
	}
	scenario.SetAccount(s, number, func(a *sasl.Account) {
		switch slot {
		case SlotAccountName:
			a.Name = value
		case SlotStoredPassword:
			a.Password = sasl.Secret{Text: value}
		case SlotActAs:
			a.ActAs = named(value)
		}
	})
}

func changeMail(s *session.Setup, slot Slot, value string) {
	if slot == SlotSendMail && value == "" {
		scenario.SetMail(s, nil)
		return
	}
	scenario.SetMail(s, func(m *client.Mail) {
		switch slot {
		case SlotFrom:
			m.From = value
		case SlotTo:
			m.To = named(value)
		case SlotMessageText:
			m.Text = strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\n", "\r\n")
		}
	})
}

// named are the names in a list with commas between them.
func named(list string) (names []string) {
	for name := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '，' || r == '\n' }) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Check tells in words why a set-up cannot be used, by what is wrong with it
// (session.Write and Read) or by what session.New has said; it is zero for one
// that can.
func Check(s session.Setup) Words {
	_, err := session.Write(s, nil) // it may be too long
	if err == nil {
		err = s.Check()
	}
	if err == nil {
		err = s.CheckWork()
	}
	return Trouble(err)
}

// Trouble words an error of session.New, Write or Read; none is zero.
func Trouble(err error) Words {
	var account *sasl.AccountError
	var read *session.ReadError
	switch {
	case err == nil:
		return Words{}
	case errors.As(err, &account):
		return say("ui.trouble."+account.Reason, "name", account.Name)
	case errors.As(err, &read) && read.ID == strictjson.TooLong:
		return say("ui.trouble.too-long")
	case errors.As(err, &read) && read.ID == session.TooMuchWork:
		return say("ui.trouble.work")
	case errors.As(err, &read) && strings.HasPrefix(read.Field, "tls.certificate"):
		return say("ui.trouble.host")
	case errors.As(err, &read):
		return say("ui.trouble.value")
	}
	return say("ui.trouble.unknown")
}
