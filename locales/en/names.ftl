### Names for what is named elsewhere: cities as the time zone database spells them, and codes that operators often use. What is not here
### is shown as it is written there, so these need not be the same in every language.

city-Bogota = Bogotá
city-Canary = Canary Islands
city-Faroe = Faroe Islands
city-Kiev = Kyiv
city-Reunion = Réunion
city-Sao_Paulo = São Paulo
city-Tirane = Tirana

code-balance = Balance
code-deposit = Deposit
code-move_fee = Fee for moving
code-price = Price
code-ticket = Ticket
