package locate

import "fmt"

// MarshalText writes the name of the model.
func (m Model) MarshalText() ([]byte, error) {
	if int(m) >= len(modelNames) {
		return nil, fmt.Errorf("locate: there is no %v", m)
	}
	return []byte(modelNames[m]), nil
}

// UnmarshalText reads the name of a model: "p-median", "maximal-cover" or "set-cover".
func (m *Model) UnmarshalText(text []byte) error {
	for i, name := range modelNames {
		if name == string(text) {
			*m = Model(i)
			return nil
		}
	}
	return fmt.Errorf("locate: there is no model %q", text)
}
