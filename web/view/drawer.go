package view

import (
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
)

// A Section is a part of everything that a set-up holds.
type Section struct {
	Name     ID
	Settings []Setting
}

// A Setting shows one value of a set-up and lets it be changed.
type Setting struct {
	Slot    Slot
	Kind    SettingKind
	Label   Words
	Hint    ID     // what it is for, where the label does not say it
	Value   string // of AsTicks: what is ticked, in the server's order
	Choices []Choice
	On      bool
	Late    bool // taken when the reader leaves it: what is shown is not what was typed, or much
	Ticks   []Setting
}

// A SettingKind says how a value is changed.
type SettingKind string

const (
	AsField SettingKind = "field" // a line of text
	AsArea  SettingKind = "area"  // several lines
	AsPick  SettingKind = "pick"  // one of Choices
	AsTick  SettingKind = "tick"  // yes or no: the value "yes" or ""
	AsTicks SettingKind = "ticks" // several of those
)

// Slots of the drawer beside those of the sentence. A slot of one of several
// things has its number or name behind a space: "stored-password 0".
const (
	SlotAuthzid        Slot = "authzid"
	SlotInsist         Slot = "insist"
	SlotClientTLS      Slot = "client-tls"
	SlotInClear        Slot = "in-clear"
	SlotInitial        Slot = "initial"
	SlotWhen           Slot = "when"
	SlotGiveUp         Slot = "give-up"
	SlotStartTLS       Slot = "starttls"
	SlotRequireAuth    Slot = "require-auth"
	SlotWithoutTLS     Slot = "without-tls"
	SlotBeforeTLS      Slot = "before-tls"
	SlotAfterTLS       Slot = "after-tls"
	SlotFirstPrompt    Slot = "first-prompt"
	SlotSecondPrompt   Slot = "second-prompt"
	SlotChallenge      Slot = "challenge"
	SlotStored         Slot = "stored"
	SlotAccountName    Slot = "account"
	SlotStoredPassword Slot = "stored-password"
	SlotActAs          Slot = "act-as"
	SlotCertHost       Slot = "cert-host"
	SlotCertExpired    Slot = "cert-expired"
	SlotClientMin      Slot = "client-min"
	SlotServerMax      Slot = "server-max"
	SlotSendMail       Slot = "mail"
	SlotFrom           Slot = "from"
	SlotTo             Slot = "to"
	SlotMessageText    Slot = "text"
	SlotSeed           Slot = "seed"
)

// Drawer shows everything of a set-up that can be changed.
func Drawer(s session.Setup) []Section {
	return []Section{
		{"ui.client", clientSettings(&s)},
		{"ui.server", serverSettings(&s)},
		{"ui.drawer.tls", tlsSettings(&s)},
		{"ui.drawer.mail", mailSettings(&s)},
		{"ui.drawer.chance", []Setting{field(SlotChallenge, s.Server.Challenge, true), field(SlotSeed, s.Seed, true)}},
	}
}

func clientSettings(s *session.Setup) []Setting {
	slots := Slots(*s)
	password := field(Password, s.Client.User.Password.Text, false)
	password.Hint = "ui.setup.hint"
	return []Setting{
		field(User, s.Client.User.Authcid, false),
		password,
		field(SlotAuthzid, s.Client.User.Authzid, true),
		{Slot: Mechanism, Kind: AsPick, Label: fieldName(Mechanism), Choices: slots.Mechanism},
		tick(SlotInsist, s.Client.Insist),
		tick(SlotInitial, s.Client.Initial),
		tick(SlotGiveUp, s.Client.Cancel),
		pick(SlotClientTLS, session.ClientTLS, s.Client.TLS),
		tick(SlotInClear, s.Client.InClear),
		pick(SlotWhen, session.When, s.Client.When),
	}
}

func serverSettings(s *session.Setup) []Setting {
	all := []Setting{
		{Slot: Port, Kind: AsPick, Label: fieldName(Port), Choices: Slots(*s).Port},
		tick(SlotStartTLS, slices.Contains(s.Server.Extensions, "STARTTLS")),
		tick(SlotRequireAuth, s.Server.RequireAuth),
		mechanisms(SlotAfterTLS, s.Server.AfterTLS),
		mechanisms(SlotBeforeTLS, s.Server.BeforeTLS),
		pick(SlotWithoutTLS, session.WithoutTLS, s.Server.WithoutTLS),
		field(SlotFirstPrompt, s.Server.Login.Username, true),
		field(SlotSecondPrompt, s.Server.Login.Password, true),
	}
	if len(s.Server.Accounts) > 0 {
		all = append(all, pick(SlotStored, session.Stored, s.Server.Accounts[0].Stored))
	}
	for i, a := range s.Server.Accounts {
		all = append(all,
			numbered(field(SlotAccountName, a.Name, false), i, len(s.Server.Accounts)),
			numbered(field(SlotStoredPassword, a.Password.Text, false), i, len(s.Server.Accounts)),
			numbered(names(SlotActAs, a.ActAs), i, len(s.Server.Accounts)))
	}
	return all
}

func tlsSettings(s *session.Setup) []Setting {
	version := func(slot Slot, value, standard, other string) Setting {
		return Setting{Slot: slot, Kind: AsPick, Label: fieldName(slot), Choices: []Choice{
			{Value: "", Text: "TLS " + standard, Chosen: value != other},
			{Value: other, Text: "TLS " + other, Chosen: value == other},
		}}
	}
	return []Setting{
		version(SlotClientMin, s.TLS.ClientMin, "1.2", "1.3"),
		version(SlotServerMax, s.TLS.ServerMax, "1.3", "1.2"),
		field(SlotCertHost, s.TLS.Certificate.Host, true),
		tick(SlotCertExpired, s.TLS.Certificate.Expired),
	}
}

func mailSettings(s *session.Setup) []Setting {
	all := []Setting{tick(SlotSendMail, s.Client.Mail != nil)}
	if m := s.Client.Mail; m != nil {
		text := field(SlotMessageText, "", false)
		text.Kind, text.Late, text.Value = AsArea, true, strings.ReplaceAll(m.Text, "\r\n", "\n")
		all = append(all, field(SlotFrom, m.From, false), names(SlotTo, m.To), text)
	}
	return all
}

func field(slot Slot, value string, hint bool) Setting {
	c := Setting{Slot: slot, Kind: AsField, Label: fieldName(slot), Value: typeable(value)}
	if hint {
		c.Hint = ID("ui.field." + string(slot) + ".hint")
	}
	return c
}

// names are several with commas between them.
func names(slot Slot, list []string) Setting {
	c := field(slot, strings.Join(list, ", "), true)
	c.Late = true
	return c
}

func tick(slot Slot, on bool) Setting {
	return Setting{Slot: slot, Kind: AsTick, Label: fieldName(slot), On: on}
}

func pick[T ~string](slot Slot, values []T, now T) Setting {
	c := Setting{Slot: slot, Kind: AsPick, Label: fieldName(slot)}
	for _, v := range values {
		c.Choices = append(c.Choices, Choice{Value: string(v), Name: ID("ui.choice." + string(slot) + "." + string(v)), Chosen: v == now})
	}
	return c
}

// mechanisms are ticks for those that are implemented, in the order of the
// choices.
func mechanisms(slot Slot, offered []string) Setting {
	c := Setting{Slot: slot, Kind: AsTicks, Label: fieldName(slot), Value: strings.Join(offered, " ")}
	for _, status := range sasl.Statuses() {
		for _, m := range sasl.WithStatus(status) {
			c.Ticks = append(c.Ticks, Setting{Slot: slot + Slot(" "+m.Name), Kind: AsTick, Label: say("ui.field.offered", "mechanism", m.Name),
				On: slices.Contains(offered, m.Name)})
		}
	}
	return c
}

// numbered makes a control one of several.
func numbered(c Setting, i, total int) Setting {
	c.Slot += Slot(" " + strconv.Itoa(i))
	if total > 1 {
		c.Label = say(c.Label.ID+".n", "n", i+1)
	}
	return c
}

// fieldName is the name of a value of the drawer.
func fieldName(slot Slot) Words {
	switch slot {
	case User, Password, Port, Mechanism:
		return say("ui.setup." + string(slot))
	}
	return say("ui.field." + string(slot))
}
