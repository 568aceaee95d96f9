package main

// fixedNames gives names by GeoNames id where the snapshot of 2020 is out of
// date or oddly spelt. The comment is the name in the snapshot.
//
// Renamings are those of the Verkhovna Rada of Ukraine, 2016 to 2024.
var fixedNames = map[int]string{
	// Renamed.
	687997:  "Pivdenne",             // Yuzhne
	689378:  "Volodymyr",            // Volodymyr-Volynskyi
	690312:  "Bahacheve",            // Vatutine
	691037:  "Oleshky",              // Tsyurupyns’k
	691999:  "Siverskodonetsk",      // Syevyerodonets’k
	692105:  "Dovzhansk",            // Sverdlovs’k
	693062:  "Ichki",                // Sovetskiy
	697576:  "Zlatopil",             // Pervomays’kyy
	697592:  "Sokolohirsk",          // Pervomays’k
	697637:  "Pereiaslav",           // Pereiaslav-Khmelnytskyi
	699445:  "Samar",                // Novomoskovs’k
	699553:  "Zviahel",              // Novohrad-Volynskyi
	700829:  "Otamanivka",           // Molodohvardiys’k
	703494:  "Kamianka",             // Kuybysheve
	704202:  "Khrustalnyi",          // Krasnyy Luch
	704381:  "Kurman",               // Krasnogvardeyskoye
	704388:  "Berestyn",             // Krasnohrad
	705799:  "Islam-Terek",          // Kirovskoye
	705809:  "Holubivka",            // Kirovs’k
	707002:  "Kamiane",              // Millerovo
	709584:  "Khutir-Mykhailivskyi", // Druzhba
	710514:  "Oskil",                // Chervonyy Oskil
	710548:  "Voznesenivka",         // Chervonopartyzans’k
	710554:  "Sheptytskyi",          // Chervonohrad
	712582:  "Bilohiria",            // Lyakhovtsy
	713175:  "Kypuche",              // Artemivs’k
	7525990: "Pivdennoukrainsk",     // Yuzhnoukrains'k

	// Spelt oddly, or in Russian.
	686803:  "Zvenyhorodka",            // Zvenihorodka
	686919:  "Znamianka",               // Znomenka
	686963:  "Zymyne",                  // Zimino
	687277:  "Zghurivka",               // Zgurovka
	687379:  "Zelene",                  // Zelyonoye
	687700:  "Zaporizhzhia",            // Zaporizhia
	687824:  "Zalisne",                 // Zalesnoye
	687901:  "Zahnitkiv",               // Zagnitkiv
	689017:  "Voronkiv",                // Voronkov
	689834:  "Verkhnia Rozhanka",       // Verchnia Rozhanka
	689854:  "Verkhnia Bilka",          // Verkhnyaya Belka
	689860:  "Verkhnii Yaseniv",        // Verkhniy Yasenov
	689892:  "Verkhnie Synovydne",      // Verkhnie Synevydne
	690184:  "Velyki Birky",            // Velikiye Borki
	690544:  "Batovo",                  // Batiovo
	690548:  "Uzhhorod",                // Uzhgorod
	691051:  "Tsybulivka",              // Tsybulevka
	691097:  "Tsybuliv",                // Tsibulev
	692016:  "Sviatohirsk",             // Svyatogorsk
	692093:  "Svitlodarsk",             // Svetlodarsk
	692644:  "Staiky",                  // Stayki
	692775:  "Stare Selo",              // Staroye Selo
	697018:  "Pobuzke",                 // Pobugskoye
	697457:  "Petrykiv",                // Petrikov
	697543:  "Pishchana",               // Peschana
	698510:  "Olshanske",               // Ol'shanskoye
	698740:  "Odesa",                   // Odessa
	701010:  "Myrivka",                 // Mirovka
	701057:  "Myrnyi",                  // Mirny
	701119:  "Mykulyntsi",              // Mikulintsy
	701768:  "Marshyntsi",              // Marshintsy
	701845:  "Marinka",                 // Mar'yinka
	702907:  "Livadiia",                // Livadia
	703325:  "Lazy",                    // Lazi
	703646:  "Kurakhove",               // Kurakhovo
	703656:  "Kupiansk",                // Kupjansk
	704074:  "Krynychna",               // Krinichnaya
	705307:  "Zastavia",                // Koloniya Zastav’ye
	705560:  "Kniazhychi",              // Knyazhichi
	706604:  "Stari Kodaky",            // Kaydaki
	706987:  "Kamiani Potoky",          // Kamennyye Potoki
	707026:  "Kamianka-Dniprovska",     // Kamenka-Na-Dnepre
	707240:  "Myrne",                   // Mirnoye
	707709:  "Illicheve",               // Ilychyovo
	708061:  "Hryshyne",                // Grishino
	708613:  "Holoby",                  // Hołoby
	709276:  "Enerhodar",               // Energodar
	709295:  "Zvenyhorod",              // Dzvinogrud
	711962:  "Bahate",                  // Bogatoye
	712023:  "Bobove",                  // Bobovo
	712374:  "Berezhany",               // Бережани
	712667:  "Bila",                    // Belaya
	713499:  "Ananiv",                  // Ananyiv Pershyi
	864933:  "Smyha",                   // Smyga
	6981547: "Soniachne",               // Solnechnoye
	7040139: "Zaliznychne",             // Zheleznodorozhnoye
	8468653: "Kremydivka",              // Kremidivka
	8504651: "Sofiivska Borshchahivka", // Sofiyivska Borschagivka
	8504779: "Kriukivshchyna",          // Kriukivschina
}
